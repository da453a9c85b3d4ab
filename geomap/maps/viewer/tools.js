/* Tools at the map's edge: fit, measure, full screen, light and dark. */
(function (gm) {
  "use strict";

  const { button, make } = gm;
  const COLOURS = [
    "land", "sea", "river", "faint", "border", "disputed", "coast", "province", "country", "city", "halo",
    "plate", "text", "bar", "barlight", "flow",
  ];

  /* ---- fitting ---- */

  /* Beside what floats over the map, where that leaves half of it. */
  function fit(view, bounds) {
    const { map } = view;
    if (!bounds) return;
    const size = map.getSize();
    const legend = map.getContainer().querySelector(".gm-legend");
    const heading = map.getContainer().querySelector(".gm-heading");
    const left = legend && legend.open ? legend.offsetWidth + 30 : 30;
    const top = heading ? heading.offsetHeight + 30 : 30;
    map.fitBounds(bounds, {
      animate: false,
      maxZoom: 8,
      paddingTopLeft: left < size.x / 2 ? [left, 40] : [30, top < size.y / 3 ? top : 30],
      paddingBottomRight: [60, 110],
    });
  }

  const boundsOfBox = ([west, south, east, north]) => [[south, west], [north, east]];

  /* All that is shown, areas with their extent. */
  function fitShown(view) {
    const { spots } = view.data;
    const bounds = L.latLngBounds([]);
    for (let s = 0; s < spots.count; s += 1) {
      if (!view.atSpot[s]) continue;
      if (spots.area[s] >= 0) bounds.extend(boundsOfBox(view.scene.areas[spots.area[s]].box));
      else bounds.extend(gm.latLngOf(view, s));
    }
    if (bounds.isValid()) fit(view, bounds);
  }

  /* The legend ends where the heading begins, and all stands above the line of credits. */
  function makeRoom(view) {
    const container = view.map.getContainer();
    const heading = container.querySelector(".gm-heading");
    const credits = container.querySelector(".leaflet-control-attribution");
    const size = view.map.getSize();
    const foot = credits.offsetHeight;
    const lift = credits.offsetWidth > size.x - 130 ? foot : 0;
    const below = view.time && size.x <= 1000 ? 168 + foot : 112 + lift;
    const room = size.y - heading.offsetHeight - below;
    container.style.setProperty("--gm-room", Math.max(120, Math.min(560, room)) + "px");
    container.style.setProperty("--gm-foot", foot + "px");
    container.style.setProperty("--gm-lift", lift + "px");
  }

  /* ---- measuring ---- */

  function showMeasure(view, on) {
    view.measure = on ? [] : null;
    view.measureButton.setAttribute("aria-pressed", String(on));
    view.measureNote.hidden = !on;
    view.map.getContainer().classList.toggle("gm-measuring", on);
    noteMeasure(view);
    view.surface.redraw();
  }

  function noteMeasure(view) {
    const points = view.measure || [];
    const km = gm.lengthKm(points);
    const length = km < 10 ? km.toFixed(1) : Math.round(km).toLocaleString("en");
    view.measureNote.textContent =
      points.length < 2 ? "Click points, or move the map and press Enter for its middle. Esc ends." : length + " km";
  }

  function measureAt(view, latLng) {
    if (!view.measure) return false;
    view.measure.push(latLng);
    noteMeasure(view);
    view.surface.redraw();
    return true;
  }

  /* ---- light and dark ---- */

  function isDark(view) {
    if (view.chosenTheme !== "auto") return view.chosenTheme === "dark";
    return window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function applyTheme(view, printing) {
    view.theme = isDark(view) && !printing ? "dark" : "light";
    const container = view.map.getContainer();
    container.dataset.theme = view.theme;
    const style = getComputedStyle(container);
    view.colours = Object.fromEntries(
      COLOURS.map((name) => [name, style.getPropertyValue("--gm-" + name).trim()]),
    );
    view.hatches = new Map();
    for (const surface of [view.ground, view.surface]) if (surface) surface.paint();
    if (view.time) view.time.paint();
  }

  function switchTheme(view) {
    view.chosenTheme = isDark(view) ? "light" : "dark";
    applyTheme(view, false);
  }

  /* ---- the buttons ---- */

  // Lines on a square of 16: signs of fonts look different everywhere, or are missing.
  const ICONS = {
    fit: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4M5.5 8h5M8 5.5v5",
    measure: "M1.5 10.5l9-9 4 4-9 9zM4 8l1.5 1.5M6 6l2 2M8 4l1.5 1.5",
    screen: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
    theme: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0 -12M8 2v12M8 5h4.5M8 8h6M8 11h4.5",
  };

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", "gm-icon gm-icon-" + name);
    svg.setAttribute("aria-hidden", "true");
    svg.append(path);
    return svg;
  }

  function tool(name, label, act) {
    const node = button("gm-tool", icon(name), act);
    node.setAttribute("aria-label", label);
    node.title = label;
    return node;
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  function toolsOf(view) {
    view.measureButton = tool("measure", "Measure distances", () => showMeasure(view, !view.measure));
    view.measureButton.setAttribute("aria-pressed", "false");
    const tools = [
      tool("fit", "Fit to what is shown", () => fitShown(view)),
      view.measureButton,
      document.fullscreenEnabled ? tool("screen", "Full screen", fullScreen) : null,
      tool("theme", "Light or dark", () => switchTheme(view)),
    ];
    return make("div", "gm-tools leaflet-bar", ...tools);
  }

  function measureNoteOf(view) {
    view.measureNote = make("p", "gm-measure-note");
    view.measureNote.setAttribute("role", "status");
    view.measureNote.hidden = true;
    return view.measureNote;
  }

  Object.assign(gm, {
    applyTheme, boundsOfBox, fit, fitShown, makeRoom, measureAt, measureNoteOf, showMeasure, toolsOf,
  });
})((window.geomapViewer = window.geomapViewer || {}));
