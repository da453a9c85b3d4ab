/* Shows a scene (geomap.scene/1) on a Leaflet map: legend, popups, list. All text of the data goes
   in through textContent. */
(function () {
  "use strict";

  const canvas = window.geomapCanvas;
  const STATUSES = [
    ["asserted", "Reported as fact"],
    ["alleged", "Alleged"],
    ["planned", "Planned"],
    ["threatened", "Threatened"],
    ["denied", "Denied"],
    ["hypothetical", "Hypothetical"],
  ];
  const HIDDEN_AT_FIRST = new Set(["denied", "hypothetical"]);
  const PRECISIONS = {
    exact: "exact place",
    town: "to the town",
    district: "to the district, approximate",
    province: "to the province, approximate",
    country: "to the country only",
    none: "no place given",
  };
  const PAGE_ROWS = 100;
  // Pixels: below this width the list is a sheet at the foot and the legend starts closed.
  const NARROW = 640;
  const POPUP_WIDTH = 390;

  /* ---- elements ---- */

  function make(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

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

  function counted(number, noun) {
    return number.toLocaleString("en") + " " + noun + (number === 1 ? "" : "s");
  }

  /* ---- the data block ---- */

  async function unpacked(value) {
    if (!value || !value.gzip) return value;
    const bytes = Uint8Array.from(atob(value.gzip), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  /* Large members of a scene travel as gzip in base64. */
  async function readScene(block) {
    const scene = JSON.parse(block.textContent);
    const members = Object.entries(scene).map(async ([key, value]) => [key, await unpacked(value)]);
    return Object.fromEntries(await Promise.all(members));
  }

  /* Ready what is drawn over and over: positions in Mercator, and one record an incident. */
  function prepare(scene) {
    for (const spot of scene.spots) {
      spot.at = canvas.mercator(spot.lat, spot.lon);
      spot.polygons = spot.polygons && canvas.projectedPolygons(spot.polygons, scene.scale);
    }
    scene.basemapReady = canvas.readBasemap(scene);
    return scene;
  }

  function shownBy(view, item) {
    return view.statuses.has(item.status) && view.map.hasLayer(view.layers[item.group]);
  }

  /* ---- popups ---- */

  function quoteOf(source) {
    const quote = make("blockquote", "gm-quote");
    quote.dir = "auto";
    if (source.language) quote.lang = source.language;
    for (const [kind, text] of source.quote) {
      const piece = kind === "text" ? document.createTextNode(text) : make("mark", "gm-" + kind, text);
      quote.append(piece);
    }
    return quote;
  }

  function creditOf(source) {
    const line = make("p", "gm-credit");
    line.append(said("bdi", "gm-outlet", source.outlet));
    if (source.published) line.append(" · " + source.published);
    const link = source.url && webLink(source.url, "Open article ↗");
    if (link) line.append(" · ", link);
    return line;
  }

  function sourceCard(source, heading) {
    const card = make("div", "gm-source");
    if (heading && source.title) card.append(said("p", "gm-source-title", source.title));
    card.append(quoteOf(source), creditOf(source));
    return card;
  }

  function fold(label, ...children) {
    return make("details", "gm-fold", make("summary", "", label), ...children);
  }

  function fact(label, ...values) {
    return [make("dt", "", label), make("dd", "", ...values.filter(Boolean))];
  }

  function whereOf(item) {
    if (!item.place) return ["No place given"];
    const within = item.within ? [", ", said("bdi", "", item.within)] : [];
    return [said("bdi", "gm-strong", item.place), ...within];
  }

  function factsOf(item, spot) {
    const list = make("dl", "gm-facts");
    const phrase = item.phrase && item.phrase !== item.date ? item.phrase : "";
    const quoted = phrase ? make("span", "gm-soft", " (", said("bdi", "", "“" + phrase + "”"), ")") : "";
    list.append(...fact("When", item.date, quoted));
    const radius = spot && spot.km ? ", circle of " + Math.round(spot.km) + " km" : "";
    const precision = PRECISIONS[item.precision] + radius;
    list.append(...fact("Where", ...whereOf(item), make("span", "gm-soft", " (" + precision + ")")));
    if (item.casualties) list.append(...fact("Casualties", item.casualties));
    const who = item.sources.find((source) => source.said);
    const speaker = who ? [", according to ", said("bdi", "", "“" + who.said + "”")] : [];
    const status = STATUSES.find(([key]) => key === item.status)[1];
    list.append(...fact("Status", status, ...speaker));
    list.append(...fact("Confidence", meter(item.confidence), item.confidence.toFixed(2)));
    return list;
  }

  function meter(value) {
    const bar = make("span", "gm-meter", make("span", ""));
    bar.firstChild.style.width = Math.round(value * 100) + "%";
    bar.setAttribute("aria-hidden", "true");
    return bar;
  }

  function reasonsOf(item) {
    const basis = item.sources.map((source) => source.basis);
    const reasons = [...new Set([...basis, ...(item.why || [])])];
    const list = make("ul", "", ...reasons.map((reason) => said("li", "", reason)));
    const rejected = (item.rejected || []).map((name) => said("li", "", name));
    const others = rejected.length
      ? [make("p", "gm-soft", "Considered and set aside:"), make("ul", "", ...rejected)]
      : [];
    return fold("Why this place?", list, ...others);
  }

  function incidentCard(view, item) {
    const group = view.scene.groups[item.group];
    const head = make("p", "gm-kind", canvas.swatch(group, item.status), said("span", "", item.type));
    if (item.status !== "asserted") head.append(make("span", "gm-badge", item.status));
    const title = said("h2", "gm-title", item.title);
    title.tabIndex = -1;
    const card = make("article", "gm-card", head, title);
    card.append(factsOf(item, view.scene.spots[item.spot]));
    if (item.sources.length) card.append(sourceCard(item.sources[0], false));
    const others = item.sources.slice(1).map((source) => sourceCard(source, true));
    if (others.length) card.append(fold("All sources: " + counted(others.length, "more"), ...others));
    if (item.place) card.append(reasonsOf(item));
    return card;
  }

  function incidentRow(view, item, act) {
    const words = make("span", "gm-row-text", said("span", "gm-row-title", item.title));
    const where = item.place ? " · " + item.place : "";
    words.append(said("span", "gm-soft", item.type + " · " + item.date + where));
    return button("gm-row", canvas.swatch(view.scene.groups[item.group], item.status), act).appendChild(
      words,
    ).parentNode;
  }

  /* Several incidents at one place: a list, each entry opening its card in the same popup. */
  function stackCard(view, items, heading) {
    const holder = make("div", "gm-stack");
    const show = (item) => {
      const back = button("gm-back", "‹ All " + items.length + " here", list);
      holder.replaceChildren(back, incidentCard(view, item));
      settle(view, holder.querySelector(".gm-title"));
    };
    const list = () => {
      const rows = pagedRows(items, (item) => incidentRow(view, item, () => show(item)));
      holder.replaceChildren(said("h2", "gm-title", heading), ...rows);
      settle(view, holder.querySelector(".gm-row"));
    };
    list();
    return holder;
  }

  function pagedRows(items, makeRow) {
    const list = make("ul", "gm-rows");
    const more = button("gm-more", "", () => grow());
    const grow = () => {
      const from = list.childElementCount;
      const rows = items.slice(from, from + PAGE_ROWS).map((item) => make("li", "", makeRow(item)));
      list.append(...rows);
      const left = items.length - list.childElementCount;
      more.textContent = "Show more (" + left.toLocaleString("en") + ")";
      more.hidden = left === 0;
    };
    grow();
    return [list, more];
  }

  function settle(view, focus) {
    if (!view.popup || !view.popup.isOpen()) return;
    view.popup.update();
    if (focus) focus.focus({ preventScroll: true });
  }

  /* Keep a popup clear of what floats over the map; where there is no room, hide that meanwhile. */
  function roomFor(view, size) {
    const floating = [...view.map.getContainer().querySelectorAll(".gm-heading, .gm-legend")];
    const left = Math.max(...floating.map((node) => node.offsetWidth)) + 24;
    const right = view.panel.hidden || size.x <= NARROW ? 12 : 372;
    const fits = size.x - left - right > POPUP_WIDTH + 40;
    return { left: fits ? left : 12, right, fits };
  }

  function openAt(view, spot, items) {
    const latLng = spot ? L.latLng(spot.lat, spot.lon) : view.map.getCenter();
    const heading = counted(items.length, "incident") + " " + (items[0].place ? "in " + items[0].place : "here");
    const content = items.length === 1 ? incidentCard(view, items[0]) : stackCard(view, items, heading);
    const size = view.map.getSize();
    const { left, right, fits } = roomFor(view, size);
    view.popup = L.popup({
      className: "gm-popup",
      maxWidth: Math.min(POPUP_WIDTH, size.x - 64),
      minWidth: Math.min(300, size.x - 64),
      maxHeight: Math.max(160, Math.min(460, size.y - 90)),
      autoPanPaddingTopLeft: [left, 12],
      autoPanPaddingBottomRight: [right, 36],
    });
    view.popup.setLatLng(latLng).setContent(content).openOn(view.map);
    view.map.getContainer().classList.toggle("gm-reading", !fits);
    settle(view, content.querySelector(".gm-title"));
  }

  /* ---- the pointer ---- */

  function spread(marks) {
    const lats = marks.map((mark) => mark.spot.lat);
    const lons = marks.map((mark) => mark.spot.lon);
    return L.latLngBounds([Math.min(...lats), Math.min(...lons)], [Math.max(...lats), Math.max(...lons)]);
  }

  function onClick(view, event) {
    const hit = canvas.hitAt(view, event.layerPoint);
    if (!hit) return;
    view.opener = null;
    const { marks, items, spot } = hit.mark;
    const closest = view.map.getZoom() >= view.map.getMaxZoom();
    if (marks && !closest) view.map.fitBounds(spread(marks), { padding: [80, 80] });
    else openAt(view, spot || marks[0].spot, items);
  }

  function onMove(view, event) {
    const hit = canvas.hitAt(view, event.layerPoint);
    view.map.getContainer().classList.toggle("gm-over", Boolean(hit));
  }

  /* ---- legend ---- */

  function tick(label, picture, count, checked, act) {
    const box = make("input");
    box.type = "checkbox";
    box.checked = checked;
    box.addEventListener("change", () => act(box.checked));
    const number = make("span", "gm-count", count.toLocaleString("en"));
    const row = make("label", "gm-tick", box, picture, make("span", "gm-name", label), number);
    return { row, box };
  }

  function groupTicks(view, section) {
    const rows = [];
    view.scene.groups.forEach((group, index) => {
      const layer = view.layers[index];
      if (group.section !== section || !layer) return;
      const count = view.scene.incidents.filter((item) => item.group === index).length;
      const { row, box } = tick(group.label, canvas.swatch(group, "asserted"), count, true, (on) =>
        on ? view.map.addLayer(layer) : view.map.removeLayer(layer),
      );
      const sync = () => {
        box.checked = view.map.hasLayer(layer);
        view.refresh();
      };
      layer.on("add remove", sync);
      box.checked = view.map.hasLayer(layer);
      rows.push(row);
    });
    return rows.length ? [make("h3", "", section), ...rows] : [];
  }

  function statusTicks(view) {
    const grey = { shape: "square", colour: "#777" };
    return STATUSES.flatMap(([status, label]) => {
      const count = view.scene.incidents.filter((item) => item.status === status).length;
      if (!count) return [];
      const on = view.statuses.has(status);
      return tick(label, canvas.swatch(grey, status), count, on, (wanted) => {
        if (wanted) view.statuses.add(status);
        else view.statuses.delete(status);
        view.refresh();
      }).row;
    });
  }

  function keyRow(className, text) {
    return make("p", "gm-key", make("span", className), text);
  }

  function legendOf(view) {
    const open = view.map.getSize().x > NARROW;
    const body = make("div", "gm-legend-body");
    body.append(...groupTicks(view, "Incidents"), ...groupTicks(view, "Diplomacy"));
    body.append(make("h3", "", "Status"), ...statusTicks(view));
    body.append(make("h3", "", "Place"), keyRow("gm-key-dot", "Town or exact place"));
    body.append(keyRow("gm-key-area", "District or province, approximate"));
    body.append(keyRow("gm-key-wheel", "Several incidents, by kind"));
    const details = make("details", "gm-legend", make("summary", "", "Legend"), body);
    details.open = open;
    return details;
  }

  /* ---- the list beside the map ---- */

  function sectionsOf(view) {
    const shown = view.scene.incidents.filter((item) => view.statuses.has(item.status))
      .filter((item) => view.map.hasLayer(view.layers[item.group]));
    return [
      ["Located only to country", shown.filter((item) => item.listed === "country")],
      ["No place given", shown.filter((item) => item.listed === "none")],
      ["On the map", shown.filter((item) => item.listed === undefined)],
    ];
  }

  function foldOf(view, label, items, first) {
    const section = fold(label + " (" + items.length.toLocaleString("en") + ")");
    const fill = () => {
      if (!section.open || section.childElementCount > 1) return;
      section.append(...pagedRows(items, (item) => incidentRow(view, item, (event) => pick(view, item, event))));
    };
    section.addEventListener("toggle", fill);
    section.open = first && items.length > 0;
    fill();
    return section;
  }

  function pick(view, item, event) {
    const spot = view.scene.spots[item.spot];
    view.opener = event.currentTarget;
    if (spot) {
      if (view.map.getSize().x <= NARROW) showPanel(view, false);
      view.map.setView([spot.lat, spot.lon], Math.max(view.map.getZoom(), spot.km || spot.polygons ? 5 : 7));
      openAt(view, spot, [item]);
      return;
    }
    const back = button("gm-back", "‹ Back to the list", () => fillPanel(view));
    view.panelBody.replaceChildren(back, incidentCard(view, item));
    back.focus();
  }

  function fillPanel(view) {
    const folds = sectionsOf(view).map(([label, items], index) => foldOf(view, label, items, index < 2));
    view.panelBody.replaceChildren(...folds);
    const off = view.scene.incidents.filter((item) => item.listed).length;
    view.panelButton.textContent = "List" + (off ? " · " + off.toLocaleString("en") + " not on the map" : "");
  }

  function showPanel(view, on) {
    view.panel.hidden = !on;
    view.panelButton.setAttribute("aria-expanded", String(on));
    view.map.getContainer().classList.toggle("gm-listing", on);
    if (on) view.panel.querySelector("button").focus();
    else view.panelButton.focus({ preventScroll: true });
  }

  function panelOf(view) {
    view.panelButton = button("gm-open", "", () => showPanel(view, view.panel.hidden));
    view.panelButton.setAttribute("aria-expanded", "false");
    const close = button("gm-close", "×", () => showPanel(view, false));
    close.setAttribute("aria-label", "Close the list");
    view.panelBody = make("div", "gm-panel-body");
    const head = make("div", "gm-panel-head", make("h2", "", "Incidents"), close);
    view.panel = make("section", "gm-panel", head, view.panelBody);
    view.panel.setAttribute("aria-label", "List of incidents");
    view.panel.hidden = true;
    L.DomEvent.disableClickPropagation(view.panel).disableScrollPropagation(view.panel);
    return view.panel;
  }

  function onKey(view, event) {
    if (event.key !== "Escape") return;
    if (view.popup && view.popup.isOpen()) {
      view.popup.close();
      (view.opener || view.map.getContainer()).focus({ preventScroll: true });
    } else if (!view.panel.hidden) showPanel(view, false);
  }

  /* ---- putting it together ---- */

  function control(map, position, node) {
    const holder = L.control({ position });
    holder.onAdd = () => {
      L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
      return node;
    };
    holder.addTo(map);
  }

  function headingOf(view) {
    const card = make("header", "gm-heading");
    if (view.scene.title) card.append(said("h1", "", view.scene.title));
    card.append(said("p", "", view.scene.summary));
    if (view.scene.incidents.length) card.append(view.panelButton);
    return card;
  }

  function creditMap(map, credits) {
    map.attributionControl.setPrefix(false);
    const holder = make("span", "", credits);
    map.attributionControl.getContainer().replaceChildren(holder);
  }

  const COLOURS = ["land", "sea", "faint", "border", "coast", "province", "country", "city", "halo", "plate", "text"];

  function applyTheme(view, printing) {
    const dark = window.matchMedia("(prefers-color-scheme: dark)").matches && !printing;
    const container = view.map.getContainer();
    view.theme = dark ? "dark" : "light";
    container.dataset.theme = view.theme;
    const style = getComputedStyle(container);
    view.colours = Object.fromEntries(
      COLOURS.map((name) => [name, style.getPropertyValue("--gm-" + name).trim()]),
    );
    if (view.ground) view.ground.redraw();
    if (view.surface) view.surface.redraw();
  }

  function addSurfaces(view) {
    const { map, scene } = view;
    // Below user-added tiles (200) lies the ground; above vectors (400) and below markers (600) the marks.
    map.createPane("geomapGround").style.zIndex = 150;
    map.createPane("geomapMarks").style.zIndex = 450;
    map.getPane("geomapMarks").style.pointerEvents = "none";
    const ground = (context, frame) => canvas.paintBasemap(context, frame, scene.basemapReady, view.colours, view.points);
    const marks = (context, frame) => canvas.paintMarks(view, context, frame);
    view.ground = new canvas.Surface(ground, { pane: "geomapGround", padding: 0.25 }).addTo(map);
    view.surface = new canvas.Surface(marks, { pane: "geomapMarks", padding: 0.25 }).addTo(map);
  }

  function fit(map, bounds) {
    if (!bounds) return;
    const [west, south, east, north] = bounds;
    const wide = map.getSize().x > NARROW;
    map.fitBounds([[south, west], [north, east]], {
      animate: false,
      maxZoom: 8,
      paddingTopLeft: wide ? [230, 60] : [30, 90],
      paddingBottomRight: [50, 50],
    });
  }

  function listen(view) {
    view.map.on("click", (event) => onClick(view, event));
    view.map.on("popupclose", () => view.map.getContainer().classList.remove("gm-reading"));
    view.map.on("mousemove", (event) => onMove(view, event));
    view.map.getContainer().addEventListener("keydown", (event) => onKey(view, event));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => applyTheme(view, false));
    window.addEventListener("beforeprint", () => applyTheme(view, true));
    window.addEventListener("afterprint", () => applyTheme(view, false));
  }

  function start(map, layers, scene) {
    const view = {
      map, layers, scene,
      hatches: new Map(), hits: [], areas: [], points: [],
      statuses: new Set(STATUSES.map(([key]) => key).filter((key) => !HIDDEN_AT_FIRST.has(key))),
    };
    view.shown = () => scene.incidents.filter((item) => shownBy(view, item));
    view.refresh = () => {
      canvas.groupSpots(view);
      view.ground.redraw();
      view.surface.redraw();
      fillPanel(view);
    };
    map.getContainer().classList.add("geomap");
    map.getContainer().append(panelOf(view));
    applyTheme(view, false);
    fit(map, scene.bounds);
    control(map, "topleft", headingOf(view));
    if (scene.incidents.length) control(map, "bottomleft", legendOf(view));
    else map.getContainer().append(make("p", "gm-empty", "No incidents"));
    creditMap(map, scene.credits);
    canvas.groupSpots(view);
    addSurfaces(view);
    fillPanel(view);
    listen(view);
  }

  /* Called by the page: `layers` has a Leaflet layer, or null, for each group of the scene. */
  window.geomapShow = function (map, blockId, layers) {
    const block = document.getElementById(blockId);
    document.documentElement.lang = "en";
    readScene(block)
      .then((scene) => start(map, layers, prepare(scene)))
      .catch((error) => {
        const text = "The map's data cannot be read: " + error.message;
        map.getContainer().append(make("p", "gm-empty", text));
        throw error;
      });
  };
})();
