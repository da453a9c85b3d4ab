/* What folium's own popups and markers expect of a page, without jQuery and image files. */
(function () {
  "use strict";

  function nodes(html) {
    return Array.from(new DOMParser().parseFromString(html, "text/html").body.children);
  }

  // folium writes $(`<div>...</div>`)[0] and $(document).ready(f).
  if (!window.$) {
    window.$ = (what) => (what === document ? { ready: (act) => act() } : nodes(what));
  }
  L.Icon.Default.imagePath = "";
})();
