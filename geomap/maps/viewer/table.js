/* The table twin of what is shown: sortable, read aloud, printed. */
(function (gm) {
  "use strict";

  const { button, make, said, written } = gm;
  const PAGE_ROWS = 100;
  const PRINTED_ROWS = 500;
  const COLUMNS = [
    ["Date", (view, i) => gm.cardTexts(view, i, "date"), (view, i) => dayKey(view, i)],
    ["Type", (view, i) => view.scene.types[view.data.columns.type[i]].label],
    ["Incident", (view, i) => gm.cardTexts(view, i, "title")],
    ["Place", (view, i) => [gm.cardTexts(view, i, "place"), gm.cardTexts(view, i, "within")].filter(Boolean).join(", ")],
    ["Precision", (view, i) => gm.PRECISIONS[view.data.columns.precision[i]], (view, i) => view.data.columns.precision[i]],
    ["Status", (view, i) => view.scene.statuses[view.data.columns.status[i]][1], (view, i) => view.data.columns.status[i]],
    ["Killed", (view, i) => number(view.data.columns.killed[i]), (view, i) => view.data.columns.killed[i]],
    ["Sources", (view, i) => sourcesOf(view, i)],
  ];

  const number = (value) => (value < 0 ? "" : written(value));

  /* What has no date stands last. */
  function dayKey(view, i) {
    const { first, last } = view.data.columns;
    if (!gm.isDated(view, i)) return Infinity;
    return first[i] === view.scene.noDay ? last[i] : first[i];
  }

  function sourcesOf(view, i) {
    const { source, outlet } = view.data.columns;
    const names = new Set(Array.from(outlet.subarray(source[i], source[i + 1]), (o) => view.scene.outlets[o]));
    return [...names].join(", ");
  }

  /* ---- order ---- */

  function ordered(view, table) {
    const [, text, key] = COLUMNS[table.column];
    const keyOf = key || text;
    const marks = Array.from(gm.shownMarks(view));
    const keys = new Map(marks.map((i) => [i, keyOf(view, i)]));
    const compare = key
      ? (a, b) => keys.get(a) - keys.get(b)
      : (a, b) => table.collator.compare(keys.get(a), keys.get(b));
    const turn = table.down ? -1 : 1;
    // Two without a date: their difference is no number.
    return marks.sort((a, b) => turn * (compare(a, b) || 0) || a - b);
  }

  function rowOf(view, i) {
    const row = make("tr", "");
    COLUMNS.forEach(([label, text], index) => {
      const words = text(view, i);
      const isTitle = label === "Incident";
      const open = isTitle && button("gm-cell-open", "", () => gm.pick(view, i, open));
      if (open) {
        open.dir = "auto";
        open.textContent = words;
      }
      const cell = open ? make("th", "", open) : said("td", index === 6 ? "gm-number" : "", words);
      if (open) cell.scope = "row";
      row.append(cell);
    });
    return row;
  }

  function headOf(view, table) {
    const row = make("tr", "");
    COLUMNS.forEach(([label], index) => {
      const sort = button("gm-sort", label, () => {
        table.down = table.column === index && !table.down;
        table.column = index;
        fill(view);
      });
      const head = make("th", "", sort);
      head.scope = "col";
      row.append(head);
    });
    return make("thead", "", row);
  }

  /* ---- filling ---- */

  async function fill(view) {
    const { table } = view;
    if (table.node.hidden) return;
    await view.data.texts.needAll();
    show(view, PAGE_ROWS);
  }

  function show(view, rows) {
    const { table } = view;
    table.marks = ordered(view, table);
    table.body.replaceChildren();
    [...table.head.querySelectorAll("th")].forEach((head, index) => {
      const sorted = index === table.column ? (table.down ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", sorted);
    });
    table.title.textContent = gm.counted(table.marks.length, "incident") + " shown";
    grow(view, rows);
  }

  function grow(view, rows) {
    const { table } = view;
    const from = table.body.childElementCount;
    table.body.append(...table.marks.slice(from, from + rows).map((i) => rowOf(view, i)));
    const left = table.marks.length - table.body.childElementCount;
    table.more.textContent = "Show more (" + written(left) + ")";
    table.more.hidden = left <= 0;
  }

  function showTable(view, on) {
    view.table.node.hidden = !on;
    view.tableButton.setAttribute("aria-expanded", String(on));
    if (on) fill(view).then(() => view.table.close.focus());
    else view.tableButton.focus({ preventScroll: true });
  }

  /* Printed is what is shown, the table below the map; the rest of a long one is counted. */
  function printTable(view, on) {
    const { table } = view;
    if (!on) {
      table.node.hidden = table.wasHidden;
      return;
    }
    table.wasHidden = table.node.hidden;
    if (!view.data.texts.complete) return;
    table.node.hidden = false;
    show(view, PRINTED_ROWS);
    table.note.textContent = table.more.hidden ? "" : "and " + written(table.marks.length - PRINTED_ROWS) + " more";
  }

  function tableOf(view) {
    const table = { column: 0, down: false, marks: [], collator: new Intl.Collator("en", { numeric: true }) };
    view.table = table;
    table.head = headOf(view, table);
    table.body = make("tbody", "");
    table.title = make("h2", "", "");
    table.more = button("gm-more", "", () => grow(view, PAGE_ROWS));
    table.note = make("p", "gm-print-only", "");
    table.close = button("gm-close", "×", () => showTable(view, false));
    table.close.setAttribute("aria-label", "Close the table");
    const caption = make("caption", "gm-unseen", "Incidents shown on the map");
    const scroller = make("div", "gm-scroller", make("table", "", caption, table.head, table.body), table.more, table.note);
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", "Rows of the table");
    table.node = make("section", "gm-table", make("div", "gm-panel-head", table.title, table.close), scroller);
    table.node.setAttribute("aria-label", "Table of incidents");
    table.node.hidden = true;
    table.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      showTable(view, false);
    });
    L.DomEvent.disableClickPropagation(table.node).disableScrollPropagation(table.node);
    view.tableButton = button("gm-open", "Table", () => showTable(view, table.node.hidden));
    view.tableButton.setAttribute("aria-expanded", "false");
    return table.node;
  }

  gm.cardTexts = (view, i, name) => view.data.texts.text(i, name);
  Object.assign(gm, { fillTable: fill, printTable, showTable, tableOf });
})((window.geomapViewer = window.geomapViewer || {}));
