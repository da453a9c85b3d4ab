/* The legend: what the symbols mean, how many there are, and what is switched on. */
(function (gm) {
  "use strict";

  const { button, make, written } = gm;
  const OUTLETS_AT_FIRST = 8;

  function tick(label, picture, count, checked, act) {
    const box = make("input");
    box.type = "checkbox";
    box.checked = checked;
    box.addEventListener("change", () => act(box.checked));
    const number = count === null ? null : make("span", "gm-count", written(count));
    const name = make("span", "gm-name", label);
    name.dir = "auto";
    return { row: make("label", "gm-tick", box, picture, name, number), box };
  }

  function countsOf(column, size) {
    const counts = new Uint32Array(size);
    for (const value of column) counts[value] += 1;
    return counts;
  }

  function switchSet(view, set, key, on) {
    if (on) set.delete(key);
    else set.add(key);
    view.refresh();
  }

  /* ---- layers, and the types within each ---- */

  function typesOf(view, index) {
    const { layer, type } = view.data.columns;
    const counts = new Map();
    for (let i = 0; i < view.data.count; i += 1) {
      if (layer[i] === index) counts.set(type[i], (counts.get(type[i]) || 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]);
  }

  function typeTicks(view, index) {
    const types = typesOf(view, index);
    if (types.length < 2) return null;
    const box = make("div", "gm-types");
    box.hidden = true;
    const fill = () =>
      box.replaceChildren(...types.map(([number, count]) => {
        const { code, label } = view.scene.types[number];
        const on = !view.filter.types.has(code);
        return tick(label, null, count, on, (wanted) => switchSet(view, view.filter.types, code, wanted)).row;
      }));
    const toggle = button("gm-unfold", "▸", () => {
      box.hidden = !box.hidden;
      toggle.textContent = box.hidden ? "▸" : "▾";
      toggle.setAttribute("aria-expanded", String(!box.hidden));
      if (!box.hidden) fill();
    });
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-label", "Types of " + view.scene.layers[index].label);
    return { box, toggle };
  }

  function layerRows(view, section, counts) {
    const rows = [];
    view.scene.layers.forEach((group, index) => {
      const layer = view.layers[index];
      if (group.section !== section || !layer) return;
      const picture = gm.swatch(group, "asserted");
      const { row, box } = tick(group.label, picture, counts[index], view.map.hasLayer(layer), (on) =>
        on ? view.map.addLayer(layer) : view.map.removeLayer(layer),
      );
      layer.on("add remove", () => {
        box.checked = view.map.hasLayer(layer);
        view.refresh();
      });
      const types = typeTicks(view, index);
      rows.push(make("div", "gm-layer", row, types && types.toggle));
      if (types) rows.push(types.box);
    });
    return rows.length ? [make("h2", "", section), ...rows] : [];
  }

  function layerTicks(view) {
    const counts = countsOf(view.data.columns.layer, view.scene.layers.length);
    const sections = [...new Set(view.scene.layers.map((layer) => layer.section))];
    return sections.flatMap((section) => layerRows(view, section, counts));
  }

  /* ---- status and sources ---- */

  function statusTicks(view) {
    const grey = { shape: "square", colour: "#777" };
    const counts = countsOf(view.data.columns.status, view.scene.statuses.length);
    return view.scene.statuses.flatMap(([status, label], index) => {
      if (!counts[index]) return [];
      const on = !view.filter.statuses.has(status);
      return tick(label, gm.swatch(grey, status), counts[index], on, (wanted) =>
        switchSet(view, view.filter.statuses, status, wanted),
      ).row;
    });
  }

  function outletTicks(view) {
    const { outlets } = view.scene;
    if (outlets.length < 2) return [];
    const counts = countsOf(view.data.columns.outlet, outlets.length);
    const order = outlets.map((_, i) => i).sort((a, b) => counts[b] - counts[a]);
    const box = make("div", "");
    const rows = (numbers) =>
      numbers.map((number) =>
        tick(outlets[number], null, counts[number], !view.filter.outlets.has(number), (wanted) =>
          switchSet(view, view.filter.outlets, number, wanted),
        ).row,
      );
    const rest = order.slice(OUTLETS_AT_FIRST, 500);
    const more = button("gm-more", "Show more (" + written(rest.length) + ")", () => {
      more.before(...rows(rest));
      more.hidden = true;
    });
    more.hidden = rest.length === 0;
    const all = button("gm-more", "All", () => setOutlets(false));
    const none = button("gm-more", "None", () => setOutlets(true));
    const setOutlets = (off) => {
      view.filter.outlets = new Set(off ? order : []);
      for (const input of box.querySelectorAll("input")) input.checked = !off;
      view.refresh();
    };
    box.append(make("p", "gm-both", all, none), ...rows(order.slice(0, OUTLETS_AT_FIRST)), more);
    const section = make("details", "gm-section", make("summary", "", "Sources"), box);
    return [section];
  }

  /* ---- ways to look at it ---- */

  function optionTicks(view) {
    const option = (label, name) =>
      tick(label, null, null, Boolean(view[name]), (on) => {
        view[name] = on;
        view.surface.redraw();
      }).row;
    const killed = view.data.columns.killed.some((value) => value > 0);
    const options = [
      view.data.spots.count > 1 ? option("Heat map", "heat") : null,
      killed ? option("Size by deaths", "bySize") : null,
      view.scene.flows.length ? option("Flows from capitals", "flows") : null,
    ].filter(Boolean);
    return options.length ? [make("div", "gm-options", make("h2", "", "View"), ...options)] : [];
  }

  function keyRow(className, text) {
    return make("p", "gm-key", make("span", className), text);
  }

  function legendOf(view) {
    const body = make("div", "gm-legend-body");
    body.append(...layerTicks(view), make("h2", "", "Status"), ...statusTicks(view), ...outletTicks(view));
    body.append(make("h2", "", "Place"), keyRow("gm-key-dot", "Town or exact place"));
    body.append(keyRow("gm-key-area", "District or province, approximate"));
    body.append(keyRow("gm-key-wheel", "Several incidents, by kind"));
    body.append(make("p", "gm-key gm-soft", "Known only to its country: see the list"));
    body.append(...optionTicks(view));
    body.tabIndex = 0;
    body.setAttribute("role", "group");
    body.setAttribute("aria-label", "Legend and filters");
    const details = make("details", "gm-legend", make("summary", "", "Legend"), body);
    details.open = view.map.getSize().x > gm.NARROW && view.map.getSize().y > 420;
    return details;
  }

  gm.legendOf = legendOf;
})((window.geomapViewer = window.geomapViewer || {}));
