/* Cards: what is said of one incident, with its quotes and sources; popups on the map. */
(function (gm) {
  "use strict";

  const { button, counted, make, said } = gm;
  const PAGE_ROWS = 100;
  const POPUP_WIDTH = 390;
  const FIELDS = ["type", "place", "date", "status"];

  function quoteOf(source) {
    const quote = make("blockquote", "gm-quote");
    quote.dir = "auto";
    if (source.language) quote.lang = source.language;
    for (const [kind, text] of source.quote) {
      quote.append(kind === "text" ? document.createTextNode(text) : make("mark", "gm-" + kind, text));
    }
    return quote;
  }

  function creditOf(source) {
    const line = make("p", "gm-credit");
    line.append(said("bdi", "gm-outlet", source.outlet));
    if (source.published) line.append(" · " + source.published);
    const link = source.url && gm.webLink(source.url, "Open article ↗");
    if (link) line.append(" · ", link);
    return line;
  }

  function sourceCard(view, source, heading) {
    const card = make("div", "gm-source");
    if (heading && source.title) card.append(said("p", "gm-source-title", source.title));
    if (heading) {
      const who = source.said ? [" · according to ", said("bdi", "", "“" + source.said + "”")] : [];
      card.append(make("p", "gm-soft", statusLabel(view, source.status), ...who));
    }
    if (source.quote.length) card.append(quoteOf(source));
    card.append(creditOf(source));
    return card;
  }

  const statusLabel = (view, status) => view.scene.statuses.find(([key]) => key === status)[1];

  function fold(label, ...children) {
    return make("details", "gm-fold", make("summary", "", label), ...children);
  }

  function fact(label, ...values) {
    return [make("dt", "", label), make("dd", "", ...values.filter(Boolean))];
  }

  /* All that is known of a mark; its texts must have been read. */
  function recordOf(view, i) {
    const { columns, texts } = view.data;
    const { scene } = view;
    const text = (name) => texts.text(i, name);
    const type = scene.types[columns.type[i]];
    return {
      i,
      id: texts.id(i),
      title: text("title"),
      date: text("date"),
      phrase: text("phrase"),
      place: text("place"),
      within: text("within"),
      country: text("country"),
      casualties: text("casualties"),
      confidence: texts.numbers(i, "confidence"),
      fields: texts.numbers(i, "fields"),
      actors: texts.list(i, "actors"),
      why: texts.list(i, "why"),
      rejected: texts.list(i, "rejected"),
      sources: texts.sources(i),
      type: type.label,
      code: type.code,
      layer: scene.layers[columns.layer[i]],
      status: scene.statuses[columns.status[i]][0],
      precision: columns.precision[i],
      spot: columns.spot[i],
    };
  }

  function whereOf(item) {
    if (!item.place) return [item.spot < 0 ? "No place given" : "Unnamed place"];
    const within = item.within ? [", ", said("bdi", "", item.within)] : [];
    return [said("bdi", "gm-strong", item.place), ...within];
  }

  function precisionOf(view, item) {
    const area = item.spot >= 0 && view.scene.areas[view.data.spots.area[item.spot]];
    return gm.PRECISIONS[item.precision] + (area && area.km ? ", circle of " + Math.round(area.km) + " km" : "");
  }

  function confidenceOf(item) {
    const told = item.fields
      .map((value, index) => (value < 0 ? null : FIELDS[index] + " " + (value / 100).toFixed(2)))
      .filter(Boolean);
    const parts = told.length ? make("span", "gm-soft", " (" + told.join(", ") + ")") : null;
    return [meter(item.confidence), (item.confidence / 100).toFixed(2), parts];
  }

  function actorsOf(item) {
    const out = [];
    for (let k = 0; k < item.actors.length; k += 2) {
      if (k) out.push(", ");
      out.push(said("bdi", "", item.actors[k]));
      if (item.actors[k + 1] !== "actor") out.push(make("span", "gm-soft", " (" + item.actors[k + 1] + ")"));
    }
    return out;
  }

  function factsOf(view, item) {
    const list = make("dl", "gm-facts");
    const phrase = item.phrase && item.phrase !== item.date ? item.phrase : "";
    const quoted = phrase ? make("span", "gm-soft", " (", said("bdi", "", "“" + phrase + "”"), ")") : "";
    list.append(...fact("When", item.date, quoted));
    list.append(...fact("Where", ...whereOf(item), make("span", "gm-soft", " (" + precisionOf(view, item) + ")")));
    if (item.actors.length) list.append(...fact("Who", ...actorsOf(item)));
    if (item.casualties) list.append(...fact("Casualties", item.casualties));
    const who = item.sources.find((source) => source.said);
    const speaker = who ? [", according to ", said("bdi", "", "“" + who.said + "”")] : [];
    list.append(...fact("Status", statusLabel(view, item.status), ...speaker));
    if (item.confidence >= 0) list.append(...fact("Confidence", ...confidenceOf(item)));
    return list;
  }

  function meter(value) {
    const bar = make("span", "gm-meter", make("span", ""));
    bar.firstChild.style.width = value + "%";
    bar.setAttribute("aria-hidden", "true");
    return bar;
  }

  function reasonsOf(item) {
    const basis = item.sources.map((source) => source.basis).filter(Boolean);
    const reasons = [...new Set([...basis, ...item.why])];
    if (!reasons.length && !item.rejected.length) return null;
    const list = make("ul", "", ...reasons.map((reason) => said("li", "", reason)));
    const rejected = item.rejected.map((name) => said("li", "", name));
    const others = rejected.length
      ? [make("p", "gm-soft", "Considered and set aside:"), make("ul", "", ...rejected)]
      : [];
    return fold("Why this place?", list, ...others);
  }

  function incidentCard(view, i) {
    const item = recordOf(view, i);
    const head = make("p", "gm-kind", gm.swatch(item.layer, item.status), said("span", "", item.type));
    if (item.status !== "asserted") head.append(make("span", "gm-badge", item.status));
    const title = said("h2", "gm-title", item.title);
    title.tabIndex = -1;
    const card = make("article", "gm-card", head, title);
    card.append(factsOf(view, item));
    if (item.sources.length) card.append(sourceCard(view, item.sources[0], false));
    const others = item.sources.slice(1).map((source) => sourceCard(view, source, true));
    if (others.length) card.append(fold("All sources: " + counted(others.length, "more"), ...others));
    const reasons = item.place ? reasonsOf(item) : null;
    if (reasons) card.append(reasons);
    view.selected = item.id;
    gm.noteState(view);
    return card;
  }

  function incidentRow(view, i, act) {
    const item = recordOf(view, i);
    const words = make("span", "gm-row-text", said("span", "gm-row-title", item.title));
    const where = item.place ? " · " + item.place : "";
    words.append(said("span", "gm-soft", item.type + " · " + item.date + where));
    const row = button("gm-row", gm.swatch(item.layer, item.status), act);
    row.append(words);
    return row;
  }

  /* Several incidents at one place: a list, each entry opening its card in the same popup. */
  function stackCard(view, marks, heading) {
    const holder = make("div", "gm-stack");
    const show = (i) => {
      const back = button("gm-back", "‹ All " + marks.length + " here", list);
      holder.replaceChildren(back, incidentCard(view, i));
      settle(view, holder.querySelector(".gm-title"));
    };
    const list = () => {
      const rows = pagedRows(marks, (i) => incidentRow(view, i, () => show(i)));
      holder.replaceChildren(said("h2", "gm-title", heading), ...rows);
      settle(view, holder.querySelector(".gm-row"));
    };
    list();
    return holder;
  }

  function pagedRows(marks, makeRow) {
    const list = make("ul", "gm-rows");
    const more = button("gm-more", "", () => grow());
    const grow = () => {
      const from = list.childElementCount;
      for (const i of marks.slice(from, from + PAGE_ROWS)) list.append(make("li", "", makeRow(i)));
      const left = marks.length - list.childElementCount;
      more.textContent = "Show more (" + gm.written(left) + ")";
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
    const left = Math.max(0, ...floating.map((node) => node.offsetWidth)) + 24;
    const right = view.panel.hidden || size.x <= gm.NARROW ? 12 : 372;
    const fits = size.x - left - right > POPUP_WIDTH + 40;
    return { left: fits ? left : 12, right, fits };
  }

  /* A position in the copy of the world that is in view. */
  function latLngOf(view, spot) {
    const { lat, lon } = view.data.spots;
    const turn = 360 * Math.round((view.map.getCenter().lng - lon[spot]) / 360);
    return L.latLng(lat[spot], lon[spot] + turn);
  }

  function headingOf(view, marks) {
    const places = new Set([...marks.slice(0, 50)].map((i) => view.data.texts.text(i, "place")));
    const [place] = places;
    return counted(marks.length, "incident") + " " + (places.size === 1 && place ? "in " + place : "here");
  }

  async function openAt(view, latLng, marks) {
    await view.data.texts.need(marks);
    const content =
      marks.length === 1 ? incidentCard(view, marks[0]) : stackCard(view, marks, headingOf(view, marks));
    const size = view.map.getSize();
    const { left, right, fits } = roomFor(view, size);
    view.popup = L.popup({
      className: "gm-popup",
      closeButton: false,
      maxWidth: Math.min(POPUP_WIDTH, size.x - 64),
      minWidth: Math.min(300, size.x - 64),
      maxHeight: Math.max(160, Math.min(460, size.y - 90)),
      autoPanPaddingTopLeft: [left, 12],
      autoPanPaddingBottomRight: [right, 36],
    });
    view.popup.setLatLng(latLng).setContent(content).openOn(view.map);
    const close = button("gm-popup-close", "×", () => gm.closePopup(view));
    close.setAttribute("aria-label", "Close");
    const element = view.popup.getElement();
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", "Incident");
    element.append(close);
    view.map.getContainer().classList.toggle("gm-reading", !fits);
    settle(view, content.querySelector(".gm-title"));
  }

  /* The focus goes back to what opened it. */
  function closePopup(view) {
    view.popup.close();
    const opener = view.opener && view.opener.isConnected ? view.opener : view.map.getContainer();
    opener.focus({ preventScroll: true });
  }

  /* ---- the pointer ---- */

  function boundsOf(view, spots) {
    return L.latLngBounds([...spots].map((s) => latLngOf(view, s)));
  }

  function onClick(view, event) {
    if (gm.measureAt(view, event.latlng)) return;
    view.surface.settle();
    const hit = gm.hitAt(view, event.layerPoint);
    if (!hit) return;
    view.opener = null;
    const spots = hit.spots();
    const bounds = boundsOf(view, spots);
    const apart = spots.length > 1 && !bounds.getSouthWest().equals(bounds.getNorthEast());
    if (apart && view.map.getZoom() < view.map.getMaxZoom()) {
      view.map.fitBounds(bounds, { padding: [80, 80], animate: !gm.calm() });
    } else openAt(view, latLngOf(view, spots[0]), spots.flatMap((s) => [...gm.shownAt(view, s)]));
  }

  function onMove(view, event) {
    const hit = gm.hitAt(view, event.layerPoint);
    view.map.getContainer().classList.toggle("gm-over", Boolean(hit));
  }

  Object.assign(gm, {
    boundsOf, closePopup, fold, incidentCard, incidentRow, latLngOf, onClick, onMove, openAt, pagedRows, recordOf,
    statusLabel,
  });
})((window.geomapViewer = window.geomapViewer || {}));
