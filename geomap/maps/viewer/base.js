/* What all rooms of the viewer share: words, days, and elements whose text is never markup. */
(function (gm) {
  "use strict";

  // Pixels: below this width the list is a sheet at the foot and the legend starts closed.
  const NARROW = 640;
  const DAY = 86400000;
  const PRECISIONS = [
    "exact place",
    "to the town",
    "to the district, approximate",
    "to the province, approximate",
    "to the country only",
    "no place given",
  ];
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  /* An element for text of the data, which may run from right to left. */
  function said(tag, className, text) {
    const node = make(tag, className);
    node.dir = "auto";
    node.textContent = text;
    return node;
  }

  function button(className, label, act) {
    const node = make("button", className, label);
    node.type = "button";
    node.addEventListener("click", (event) => {
      // Once the button has left the page Leaflet would take this for a click on the map.
      event.stopPropagation();
      act(event);
    });
    return node;
  }

  function webLink(url, label) {
    if (!/^https?:\/\//i.test(url)) return null;
    const node = make("a", "gm-link", label);
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    return node;
  }

  const written = (number) => number.toLocaleString("en");

  function counted(number, noun) {
    return written(number) + " " + noun + (number === 1 ? "" : "s");
  }

  const isoDay = (day) => {
    const date = new Date(day * DAY);
    return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
  };

  function dayWords(day) {
    const date = new Date(day * DAY);
    return date.getUTCDate() + " " + MONTHS[date.getUTCMonth()] + " " + date.getUTCFullYear();
  }

  /* The day of "2023-01-03", or null for what is none. */
  function dayOf(text) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
    const time = Date.parse(text + "T00:00:00Z");
    return Number.isNaN(time) ? null : Math.round(time / DAY);
  }

  /* Run at most once a frame, with the last arguments. */
  function oncePerFrame(act) {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        act();
      });
    };
  }

  function later(act, milliseconds) {
    let timer = 0;
    return (...values) => {
      clearTimeout(timer);
      timer = setTimeout(() => act(...values), milliseconds);
    };
  }

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  Object.assign(gm, {
    NARROW, PRECISIONS, button, calm, counted, dayOf, dayWords, isoDay, later, make, oncePerFrame,
    said, webLink, written,
  });
})((window.geomapViewer = window.geomapViewer || {}));
