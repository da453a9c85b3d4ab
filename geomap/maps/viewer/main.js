/* Shows a scene (geomap.scene/3) on a Leaflet map. All text of the data goes in through textContent. */
(function (gm) {
  "use strict";

  const { make, said } = gm;
  const SEARCH_AFTER = 200; // milliseconds after the last key
  const NAMES_AFTER = 150; // milliseconds after the last change of what is shown
  // Texts of so many marks are read ahead, so that a page can be printed at once.
  const READ_AHEAD = 20000;

  function control(map, position, node) {
    const holder = L.control({ position });
    holder.onAdd = () => {
      L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
      return node;
    };
    holder.addTo(map);
  }

  /* ---- the heading ---- */

  function searchOf(view) {
    const input = make("input", "gm-search");
    input.type = "search";
    input.placeholder = "Find places, words, actors";
    input.setAttribute("aria-label", "Find places, words in quotes, actors");
    input.dir = "auto";
    const look = gm.later(() => gm.search(view, input.value.trim()), SEARCH_AFTER);
    input.addEventListener("input", look);
    view.searchInput = input;
    return input;
  }

  function headingOf(view) {
    const card = make("div", "gm-heading");
    card.append(said("h1", view.scene.title ? "" : "gm-unseen", view.scene.title || "Incidents"));
    card.append(said("p", "gm-summary", view.scene.summary));
    view.live = make("p", "gm-live");
    view.live.setAttribute("role", "status");
    if (!view.data.count) return card;
    const buttons = make("div", "gm-buttons", view.panelButton, view.tableButton, gm.shareOf(view));
    card.append(view.live, searchOf(view), buttons);
    return card;
  }

  function tellShown(view) {
    const { shownCount, data } = view;
    const all = shownCount === data.count;
    view.live.textContent = all ? "" : "Showing " + gm.written(shownCount) + " of " + gm.written(data.count);
    gm.makeRoom(view);
  }

  function creditMap(map, { credits, tiles }) {
    const online = tiles && make("span", "gm-online", "Online: tiles from " + new URL(tiles.host.replace("*.", "")).host +
      ", " + tiles.attribution + ". ");
    map.attributionControl.setPrefix(false);
    map.attributionControl.getContainer().replaceChildren(...[online, make("span", "", credits)].filter(Boolean));
  }

  /* ---- surfaces ---- */

  function addSurfaces(view) {
    const { map } = view;
    // Below user-added tiles (200) lies the ground; above vectors (400) and below markers (600) the marks.
    map.createPane("geomapGround").style.zIndex = 150;
    map.createPane("geomapMarks").style.zIndex = 450;
    map.getPane("geomapMarks").style.pointerEvents = "none";
    if (view.scene.tiles) addTiles(map, view.scene.tiles);
    const ground = (context, frame) => gm.paintBasemap(view, context, frame);
    const marks = (context, frame) => gm.paintMarks(view, context, frame);
    view.ground = new gm.Surface(ground, { pane: "geomapGround", padding: 0.25 }).addTo(map);
    view.surface = new gm.Surface(marks, { pane: "geomapMarks", padding: 0.25 }).addTo(map);
  }

  /* Over the ground, which stays where a tile does not come. */
  function addTiles(map, { url, subdomains, max_zoom: maxNativeZoom }) {
    const referrerPolicy = "strict-origin-when-cross-origin";
    L.tileLayer(url, { subdomains, maxNativeZoom, maxZoom: map.getMaxZoom(), referrerPolicy }).addTo(map);
  }

  /* ---- events ---- */

  function onKey(view, event) {
    if (view.measure && event.key === "Enter" && event.target === view.map.getContainer()) {
      gm.measureAt(view, view.map.getCenter());
    }
    if (event.key !== "Escape") return;
    if (view.measure) gm.showMeasure(view, false);
    else if (view.popup && view.popup.isOpen()) gm.closePopup(view);
    else if (!view.panel.hidden) gm.showPanel(view, false);
  }

  function listen(view) {
    const { map } = view;
    map.on("click", (event) => gm.onClick(view, event));
    map.on("popupclose", () => map.getContainer().classList.remove("gm-reading"));
    map.on("mousemove", (event) => gm.onMove(view, event));
    map.on("moveend", () => gm.noteState(view));
    map.on("resize", () => {
      gm.makeRoom(view);
      if (view.time) view.time.paint();
    });
    map.getContainer().addEventListener("keydown", (event) => onKey(view, event));
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => gm.applyTheme(view, false));
    window.addEventListener("beforeprint", () => gm.onPrint(view, true));
    window.addEventListener("afterprint", () => gm.onPrint(view, false));
  }

  /* ---- putting it together ---- */

  function refresh(view) {
    gm.applyFilter(view);
    view.shownVersion += 1;
    if (!view.surface) return;
    view.surface.redraw();
    view.nameSoon();
    if (view.time) view.time.paint();
    gm.fillPanel(view);
    gm.fillTable(view);
    tellShown(view);
    gm.noteState(view);
  }

  function furnish(view) {
    const { map, data } = view;
    const container = map.getContainer();
    const isOnly = !document.querySelector("main, [role=main]");
    container.setAttribute("role", isOnly ? "main" : "region");
    container.setAttribute("aria-label", "Map of incidents");
    container.append(gm.panelOf(view), gm.tableOf(view), gm.measureNoteOf(view));
    control(map, "topleft", headingOf(view));
    if (!data.count) {
      container.append(make("p", "gm-empty", "No incidents"));
      return;
    }
    control(map, "bottomleft", gm.legendOf(view));
    control(map, "bottomright", gm.toolsOf(view));
    view.time = gm.timeOf(view);
    if (view.time) container.append(view.time.node);
    container.classList.toggle("gm-timed", Boolean(view.time));
    gm.fillPanel(view);
    tellShown(view);
  }

  function start(map, layers, scene) {
    const view = {
      map, layers, scene,
      data: gm.prepare(scene),
      filter: gm.newFilter(scene),
      hatches: new Map(), hits: [], shownVersion: 0, chosenTheme: scene.theme,
    };
    view.refresh = () => refresh(view);
    view.refreshSoon = gm.oncePerFrame(view.refresh);
    // Names give way to marks: once these stand still, or a handle would drag the whole ground along.
    view.nameSoon = gm.later(() => view.ground.redraw(), NAMES_AFTER);
    map.getContainer().classList.add("geomap");
    const asked = gm.readState(view);
    gm.applyFilter(view);
    gm.applyTheme(view, false);
    creditMap(map, scene);
    furnish(view);
    if (asked && asked.view) map.setView([asked.view.lat, asked.view.lng], asked.view.zoom, { animate: false });
    else gm.fit(view, scene.bounds && gm.boundsOfBox(scene.bounds));
    addSurfaces(view);
    if (view.time) view.time.paint();
    listen(view);
    settleIn(view, asked);
    return view;
  }

  /* After the first painting: what the address asks for, and texts that will be wanted. */
  async function settleIn(view, asked) {
    const { map, data } = view;
    for (const surface of [view.ground, view.surface]) surface.paint();
    performance.mark("geomap-painted");
    if (asked && asked.find) {
      view.searchInput.value = asked.find;
      await gm.search(view, asked.find);
    }
    if (asked && asked.id) await gm.pickById(view, asked.id);
    else if (data.count <= READ_AHEAD) await data.texts.needAll();
    view.ready = true;
    map.getContainer().dataset.ready = "true";
  }

  /* Called by the page: `layers` has a Leaflet layer, or null, for each layer of the scene. */
  window.geomapShow = function (map, blockId, layers) {
    const block = document.getElementById(blockId);
    document.documentElement.lang ||= "en";
    gm.readScene(block)
      .then((scene) => (gm.view = start(map, layers, scene)))
      .catch((error) => {
        const text = "The map's data cannot be read: " + error.message;
        map.getContainer().append(make("p", "gm-empty", text));
        throw error;
      });
  };
})((window.geomapViewer = window.geomapViewer || {}));
