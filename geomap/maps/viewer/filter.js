/* Which marks are shown: layers, types, statuses, sources, days and words that are looked for. */
(function (gm) {
  "use strict";

  const HIDDEN_AT_FIRST = ["denied", "hypothetical"];
  // Bits of the mask: all conditions but the days hold; the days hold. Both: shown.
  const KEPT = 1;
  const TIMELY = 2;
  const SHOWN = KEPT | TIMELY;

  function newFilter(scene) {
    const hidden = scene.statuses.map(([key]) => key).filter((key) => HIDDEN_AT_FIRST.includes(key));
    return {
      types: new Set(),
      statuses: new Set(hidden),
      outlets: new Set(),
      from: null,
      to: null,
      undated: true,
      words: "",
      found: null,
    };
  }

  function isDated(view, i) {
    const { first, last } = view.data.columns;
    return first[i] !== view.scene.noDay || last[i] !== view.scene.noDay;
  }

  function keptOutlet(view, i) {
    const { source, outlet } = view.data.columns;
    if (source[i] === source[i + 1]) return true;
    for (let s = source[i]; s < source[i + 1]; s += 1) {
      if (!view.filter.outlets.has(outlet[s])) return true;
    }
    return false;
  }

  const offs = (count, isOff) => Uint8Array.from({ length: count }, (_, i) => (isOff(i) ? 1 : 0));

  /* Whether an interval meets the chosen days; an open end reaches as far as need be. Written out
     for speed: it runs over all marks while a handle is dragged. */
  function markTimely(view) {
    const { first, last } = view.data.columns;
    const { mask } = view;
    const { noDay } = view.scene;
    const undated = view.filter.undated ? TIMELY : 0;
    const from = view.filter.from === null ? -Infinity : view.filter.from;
    const to = view.filter.to === null ? Infinity : view.filter.to;
    for (let i = 0; i < mask.length; i += 1) {
      const a = first[i];
      const b = last[i];
      if (a === noDay && b === noDay) mask[i] = undated;
      else mask[i] = (b !== noDay && b < from) || (a !== noDay && a > to) ? 0 : TIMELY;
    }
  }

  function applyFilter(view) {
    const { scene, filter, data } = view;
    const { layer, type, status, spot } = data.columns;
    const layerOff = offs(scene.layers.length, (i) => !view.layers[i] || !view.map.hasLayer(view.layers[i]));
    const typeOff = offs(scene.types.length, (i) => filter.types.has(scene.types[i].code));
    const statusOff = offs(scene.statuses.length, (i) => filter.statuses.has(scene.statuses[i][0]));
    const byOutlet = filter.outlets.size > 0;
    const { found } = filter;
    const mask = (view.mask ||= new Uint8Array(data.count));
    const atSpot = (view.atSpot ||= new Uint32Array(data.spots.count));
    atSpot.fill(0);
    markTimely(view);
    let shown = 0;
    for (let i = 0; i < mask.length; i += 1) {
      if (layerOff[layer[i]] || typeOff[type[i]] || statusOff[status[i]]) continue;
      if ((found && !found[i]) || (byOutlet && !keptOutlet(view, i))) continue;
      mask[i] |= KEPT;
      if (mask[i] !== SHOWN) continue;
      shown += 1;
      if (spot[i] >= 0) atSpot[spot[i]] += 1;
    }
    view.shownCount = shown;
  }

  const isShown = (view, i) => view.mask[i] === SHOWN;

  /* The numbers of the shown marks, in the order of the data. */
  function shownMarks(view) {
    const out = new Uint32Array(view.shownCount);
    let at = 0;
    for (let i = 0; i < view.mask.length; i += 1) if (view.mask[i] === SHOWN) out[at++] = i;
    return out;
  }

  function shownAt(view, spot) {
    const { starts, marks } = view.data.bySpot;
    return marks.subarray(starts[spot], starts[spot + 1]).filter((i) => view.mask[i] === SHOWN);
  }

  /* ---- looking for words ---- */

  const plain = (text) =>
    (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize("NFD").replace(/\p{M}/gu, "")).toLowerCase();

  /* Each word must stand in one of a mark's texts. A text that many marks share is read once. */
  function findWords(view, words) {
    const { texts, columns, count } = view.data;
    const found = new Uint8Array(count).fill(1);
    texts.opened.forEach((chunk, number) => {
      const from = number * texts.size;
      const until = Math.min(from + texts.size, count);
      const strings = chunk.strings.map(plain);
      for (const word of words) {
        const hits = offs(strings.length, (i) => strings[i].includes(word));
        for (let i = from; i < until; i += 1) {
          if (found[i]) found[i] = holds(chunk, columns, hits, i, i - from, columns.source[from]) ? 1 : 0;
        }
      }
    });
    return found;
  }

  function holds(chunk, columns, hits, i, row, firstSource) {
    const { cell } = gm;
    const { marks, sources } = chunk;
    if (hits[cell(marks.title, row)] || hits[cell(marks.place, row)] || hits[cell(marks.within, row)]) return true;
    if (cell(marks.actors, row).some((number, k) => k % 2 === 0 && hits[number])) return true;
    for (let s = columns.source[i] - firstSource; s < columns.source[i + 1] - firstSource; s += 1) {
      if (hits[cell(sources.quote, s)] || hits[cell(sources.title, s)]) return true;
    }
    return false;
  }

  async function search(view, text) {
    view.filter.words = text;
    const words = plain(text).split(/\s+/).filter(Boolean);
    if (words.length) await view.data.texts.needAll();
    if (view.filter.words !== text) return;
    view.filter.found = words.length ? findWords(view, words) : null;
    view.refresh();
  }

  Object.assign(gm, {
    KEPT, SHOWN, applyFilter, isDated, isShown, newFilter, search, shownAt, shownMarks,
  });
})((window.geomapViewer = window.geomapViewer || {}));
