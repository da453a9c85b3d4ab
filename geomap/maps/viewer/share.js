/* Taking along what is shown: GeoJSON, CSV and KML files, and the state of the map in its address. */
(function (gm) {
  "use strict";

  const { button, make } = gm;
  // A spreadsheet takes a cell that begins with one of these for a formula.
  const FORMULA = /^[=+\-@\t\r]/;
  const CIRCLE_CORNERS = 32;
  const KM_PER_DEGREE = 111.195;
  const WRITE_AFTER = 300; // milliseconds; browsers limit how often the address may change

  /* ---- geometry ---- */

  function ringOf(steps, scale) {
    const out = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      out.push([x / scale, y / scale]);
    }
    return out;
  }

  function circleOf(lat, lon, km) {
    const out = [];
    for (let i = 0; i <= CIRCLE_CORNERS; i += 1) {
      const angle = (i % CIRCLE_CORNERS) * ((2 * Math.PI) / CIRCLE_CORNERS);
      const high = (km / KM_PER_DEGREE) * Math.cos(angle);
      const wide = ((km / KM_PER_DEGREE) * Math.sin(angle)) / Math.cos((lat * Math.PI) / 180);
      out.push([round(lon + wide), round(lat + high)]);
    }
    return out;
  }

  const round = (degrees) => Math.round(degrees * 1e5) / 1e5;

  /* A point, an outline or a circle; null for what the text does not place. */
  function geometryOf(view, i) {
    const spot = view.data.columns.spot[i];
    if (spot < 0) return null;
    const { lat, lon, area: areas } = view.data.spots;
    const area = areas[spot] < 0 ? null : view.scene.areas[areas[spot]];
    if (!area) return { type: "Point", coordinates: [round(lon[spot]), round(lat[spot])] };
    if (!area.polygons) return { type: "Polygon", coordinates: [circleOf(lat[spot], lon[spot], area.km)] };
    const polygons = area.polygons.map((rings) => rings.map((ring) => ringOf(ring, view.scene.scale)));
    return { type: "MultiPolygon", coordinates: polygons };
  }

  function fieldsOf(view, i) {
    const item = gm.recordOf(view, i);
    const { first, last, killed, injured } = view.data.columns;
    const day = (value) => (value === view.scene.noDay ? null : gm.isoDay(value));
    const count = (value) => (value < 0 ? null : value);
    return {
      id: item.id,
      type: item.code,
      title: item.title,
      status: item.status,
      date_first: day(first[i]),
      date_last: day(last[i]),
      date: item.date,
      place: item.place || null,
      within: item.within || null,
      country: item.country || null,
      geo_precision: gm.PRECISIONS[item.precision],
      casualties: item.casualties || null,
      fatalities: count(killed[i]),
      injured: count(injured[i]),
      confidence: item.confidence < 0 ? null : item.confidence / 100,
      sources: item.sources.map((source) => source.outlet).join("; "),
      urls: item.sources.map((source) => source.url).filter(Boolean).join(" "),
      quote: item.sources.length ? item.sources[0].quote.map(([, text]) => text).join("") : null,
    };
  }

  /* ---- files ---- */

  function geojsonOf(view, marks) {
    const features = marks.map((i) => ({
      type: "Feature",
      geometry: geometryOf(view, i),
      properties: fieldsOf(view, i),
    }));
    return JSON.stringify({ type: "FeatureCollection", attribution: view.scene.credits, features });
  }

  function csvCell(value) {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" && FORMULA.test(value) ? "'" + value : String(value);
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  /* Latitude and longitude only for points: a spreadsheet would make a dot of an area's middle. */
  function csvOf(view, marks) {
    const rows = marks.map((i) => {
      const geometry = geometryOf(view, i);
      const [lon, lat] = geometry && geometry.type === "Point" ? geometry.coordinates : [null, null];
      return { ...fieldsOf(view, i), lat, lon };
    });
    if (!rows.length) return "";
    const lines = rows.map((row) => Object.values(row).map(csvCell).join(","));
    return [Object.keys(rows[0]).join(","), ...lines, ""].join("\r\n");
  }

  const XML = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // What XML 1.0 cannot hold, not even escaped.
  const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
  const xml = (text) => String(text).replace(NOT_XML, "\ufffd").replace(/[&<>"]/g, (sign) => XML[sign]);

  function kmlGeometry(geometry) {
    const points = (ring) => ring.map(([lon, lat]) => lon + "," + lat).join(" ");
    const edge = (ring, kind) =>
      `<${kind}BoundaryIs><LinearRing><coordinates>${points(ring)}</coordinates></LinearRing></${kind}BoundaryIs>`;
    const polygon = (rings) =>
      `<Polygon>${rings.map((ring, k) => edge(ring, k ? "inner" : "outer")).join("")}</Polygon>`;
    if (!geometry) return "";
    if (geometry.type === "Point") return `<Point><coordinates>${points([geometry.coordinates])}</coordinates></Point>`;
    if (geometry.type === "Polygon") return polygon(geometry.coordinates);
    return `<MultiGeometry>${geometry.coordinates.map(polygon).join("")}</MultiGeometry>`;
  }

  function kmlOf(view, marks) {
    const placemarks = marks.map((i) => {
      const fields = fieldsOf(view, i);
      const data = Object.entries(fields)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `<Data name="${name}"><value>${xml(value)}</value></Data>`);
      return (
        `<Placemark><name>${xml(fields.title)}</name><ExtendedData>${data.join("")}</ExtendedData>` +
        `${kmlGeometry(geometryOf(view, i))}</Placemark>`
      );
    });
    return (
      '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>' +
      `<name>${xml(view.scene.title || "Incidents")}</name><description>${xml(view.scene.credits)}</description>` +
      `${placemarks.join("\n")}</Document></kml>\n`
    );
  }

  const FILES = {
    geojson: ["GeoJSON", "application/geo+json", geojsonOf],
    csv: ["CSV", "text/csv;charset=utf-8", csvOf],
    kml: ["KML", "application/vnd.google-earth.kml+xml", kmlOf],
  };

  /* The text of a file with all that is shown. */
  async function fileOf(view, form) {
    await view.data.texts.needAll();
    return FILES[form][2](view, Array.from(gm.shownMarks(view)));
  }

  async function download(view, form) {
    const text = await fileOf(view, form);
    const link = make("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type: FILES[form][1] }));
    link.download = "incidents." + form;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* ---- the state in the address ---- */

  // In a srcdoc frame the address is the embedding page's: it is not ours to change.
  const hasAddress = () => window.location.protocol !== "about:";

  function stateOf(view) {
    const { map, scene, filter, layers } = view;
    const { lat, lng } = map.getCenter();
    const state = new URLSearchParams();
    state.set("map", [map.getZoom(), lat.toFixed(4), lng.toFixed(4)].join("/"));
    const off = scene.layers.filter((layer, i) => layers[i] && !map.hasLayer(layers[i]));
    if (off.length) state.set("off", off.map((layer) => layer.key).join(","));
    if (filter.types.size) state.set("types", [...filter.types].join(","));
    state.set("not", [...filter.statuses].join(","));
    if (filter.outlets.size) state.set("sources", [...filter.outlets].join(","));
    if (filter.from !== null || filter.to !== null) {
      state.set("days", [filter.from, filter.to].map((day) => (day === null ? "" : gm.isoDay(day))).join(".."));
    }
    if (!filter.undated) state.set("undated", "0");
    if (filter.words) state.set("find", filter.words.slice(0, 200));
    if (view.selected && view.popup && view.popup.isOpen()) state.set("id", view.selected);
    return state.toString();
  }

  const write = gm.later((view) => {
    if (!view.ready || !hasAddress()) return;
    try {
      window.history.replaceState(window.history.state, "", "#" + stateOf(view));
    } catch {
      // Some frames forbid it; the map works without.
    }
  }, WRITE_AFTER);

  const noteState = (view) => write(view);

  function readView(text) {
    const parts = (text || "").split("/").map(Number);
    if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
    const [zoom, lat, lng] = parts;
    return zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 90 && Math.abs(lng) <= 540 ? { zoom, lat, lng } : null;
  }

  const listed = (state, name) => (state.get(name) || "").split(",").filter(Boolean);

  /* Take over what the address says of the filters; what is not known is left out. */
  function readState(view) {
    if (!hasAddress() || window.location.hash.length < 2) return null;
    const state = new URLSearchParams(window.location.hash.slice(1));
    const { scene, filter, layers, map } = view;
    const codes = new Set(scene.types.map((type) => type.code));
    filter.types = new Set(listed(state, "types").filter((code) => codes.has(code)));
    const statuses = new Set(scene.statuses.map(([key]) => key));
    if (state.has("not")) filter.statuses = new Set(listed(state, "not").filter((key) => statuses.has(key)));
    const outlets = listed(state, "sources").map(Number);
    filter.outlets = new Set(outlets.filter((i) => Number.isInteger(i) && i >= 0 && i < scene.outlets.length));
    const [from, to] = (state.get("days") || "").split("..").map(gm.dayOf);
    filter.from = from ?? null;
    filter.to = to ?? null;
    filter.undated = state.get("undated") !== "0";
    const off = new Set(listed(state, "off"));
    scene.layers.forEach((layer, i) => {
      if (layers[i] && off.has(layer.key)) map.removeLayer(layers[i]);
    });
    return { view: readView(state.get("map")), id: state.get("id"), find: state.get("find") };
  }

  async function pickById(view, id) {
    await view.data.texts.needAll();
    for (let i = 0; i < view.data.count; i += 1) {
      if (view.data.texts.id(i) === id && gm.isShown(view, i)) {
        await gm.pick(view, i, null);
        return;
      }
    }
  }

  function shareOf(view) {
    const rows = Object.entries(FILES).map(([form, [label]]) =>
      button("gm-file", label, () => download(view, form)),
    );
    if (hasAddress()) rows.push(copyButton(view));
    const menu = make("details", "gm-share", make("summary", "gm-open", "Save"), make("div", "gm-files", ...rows));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      menu.firstChild.focus();
    });
    return menu;
  }

  function copyButton(view) {
    const copy = button("gm-file", "Copy link", async () => {
      const address = window.location.href.split("#")[0] + "#" + stateOf(view);
      try {
        await navigator.clipboard.writeText(address);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "See the address bar";
        noteState(view);
      }
      setTimeout(() => (copy.textContent = "Copy link"), 2500);
    });
    return copy;
  }

  Object.assign(gm, { csvCell, fileOf, noteState, pickById, readState, shareOf, stateOf });
})((window.geomapViewer = window.geomapViewer || {}));
