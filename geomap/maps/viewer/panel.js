/* The list beside the map: all that is shown, and what has no point to be shown at. */
(function (gm) {
  "use strict";

  const { button, make } = gm;
  const COUNTRY = 4; // index of "to the country only" among the precisions

  function sectionsOf(view) {
    const { columns } = view.data;
    const [country, none, placed] = [[], [], []];
    for (const i of gm.shownMarks(view)) {
      if (columns.spot[i] >= 0) placed.push(i);
      else if (columns.placed[i] || columns.precision[i] === COUNTRY) country.push(i);
      else none.push(i);
    }
    return [
      ["Located only to country", country],
      ["No place given", none],
      ["On the map", placed],
    ];
  }

  /* Rows are made when a section is opened: most stay closed. */
  function foldOf(view, label, marks, first) {
    const section = gm.fold(label + " (" + gm.written(marks.length) + ")");
    const fill = async () => {
      if (!section.open || section.childElementCount > 1 || section.filling) return;
      section.filling = true;
      await view.data.texts.need(marks.slice(0, 2000));
      section.append(...gm.pagedRows(marks, (i) => gm.incidentRow(view, i, (event) => pick(view, i, event.currentTarget))));
    };
    section.addEventListener("toggle", fill);
    section.open = first && marks.length > 0;
    fill();
    return section;
  }

  /* Show one incident: at its spot, or where it has none in the list. */
  async function pick(view, i, opener) {
    const spot = view.data.columns.spot[i];
    view.opener = opener;
    await view.data.texts.need([i]);
    if (spot >= 0) {
      if (view.map.getSize().x <= gm.NARROW) showPanel(view, false);
      const near = view.data.spots.area[spot] < 0 ? 7 : 5;
      const at = gm.latLngOf(view, spot);
      view.map.setView(at, Math.max(view.map.getZoom(), near), { animate: false });
      await gm.openAt(view, at, [i]);
      return;
    }
    if (view.panel.hidden) showPanel(view, true);
    const back = button("gm-back", "‹ Back to the list", () => fillPanel(view));
    view.panelBody.replaceChildren(back, gm.incidentCard(view, i));
    back.focus();
  }

  function unplaced(view) {
    const { spot } = view.data.columns;
    let count = 0;
    for (let i = 0; i < spot.length; i += 1) if (spot[i] < 0 && gm.isShown(view, i)) count += 1;
    return count;
  }

  function fillPanel(view) {
    const off = unplaced(view);
    view.panelButton.textContent = "List" + (off ? " · " + gm.written(off) + " not on the map" : "");
    if (view.panel.hidden) {
      view.panelBody.replaceChildren();
      return;
    }
    // What has no point is open at first; where all have one, they are.
    const folds = sectionsOf(view).map(([label, marks], index) => foldOf(view, label, marks, index < 2 || !off));
    view.panelBody.replaceChildren(...folds);
  }

  function showPanel(view, on) {
    view.panel.hidden = !on;
    view.panelButton.setAttribute("aria-expanded", String(on));
    view.map.getContainer().classList.toggle("gm-listing", on);
    fillPanel(view);
    if (on) view.panel.querySelector("button").focus();
    else view.panelButton.focus({ preventScroll: true });
  }

  function panelOf(view) {
    view.panelButton = button("gm-open", "", () => showPanel(view, view.panel.hidden));
    view.panelButton.setAttribute("aria-expanded", "false");
    const close = button("gm-close", "×", () => showPanel(view, false));
    close.setAttribute("aria-label", "Close the list");
    view.panelBody = make("div", "gm-panel-body");
    view.panelBody.tabIndex = 0;
    const head = make("div", "gm-panel-head", make("h2", "", "Incidents"), close);
    view.panel = make("section", "gm-panel", head, view.panelBody);
    view.panel.setAttribute("aria-label", "List of incidents");
    view.panel.hidden = true;
    L.DomEvent.disableClickPropagation(view.panel).disableScrollPropagation(view.panel);
    return view.panel;
  }

  Object.assign(gm, { fillPanel, panelOf, pick, showPanel });
})((window.geomapViewer = window.geomapViewer || {}));
