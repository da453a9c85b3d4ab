/* Printing: the map at a size that any paper takes, and below it its legend and the table. */
(function (gm) {
  "use strict";

  const { make } = gm;
  // Pixels of a 96th of an inch: what fits between the margins of A4 and of Letter, upright or not.
  const WIDE = 690;
  const HIGH = 600;

  function toPaper(view) {
    if (view.paper) return;
    const { map } = view;
    const container = map.getContainer();
    const legend = container.querySelector(".gm-legend");
    const seen = map.getBounds();
    view.paper = {
      node: make("div", "geomap gm-paper"),
      view: [map.getCenter(), map.getZoom()],
      style: container.getAttribute("style"),
      legend, wasOpen: legend && legend.open, corner: legend && legend.parentElement,
    };
    container.style.width = WIDE + "px";
    container.style.height = HIGH + "px";
    // Painted at once: there is no next picture of the screen before the paper.
    map.invalidateSize({ animate: false });
    map.fitBounds(seen, { animate: false });
    gm.applyTheme(view, true);
    // On one canvas: Chromium's paper shows what was cleared of a second one as a white sheet.
    gm.paintMarks(view, view.ground._context, view.ground.frame());
    view.surface._container.hidden = true;
    gm.printTable(view, true);
    if (legend) {
      legend.open = true;
      view.paper.node.append(legend);
    }
    view.paper.node.append(view.table.node);
    container.after(view.paper.node);
  }

  function fromPaper(view) {
    if (!view.paper) return;
    const { map } = view;
    const { node, legend, wasOpen, corner, style } = view.paper;
    const container = map.getContainer();
    if (legend) {
      legend.open = wasOpen;
      corner.prepend(legend);
    }
    container.append(view.table.node);
    node.remove();
    if (style === null) container.removeAttribute("style");
    else container.setAttribute("style", style);
    map.invalidateSize({ animate: false });
    map.setView(...view.paper.view, { animate: false });
    view.paper = null;
    view.surface._container.hidden = false;
    gm.printTable(view, false);
    gm.makeRoom(view);
    gm.applyTheme(view, false);
  }

  gm.onPrint = (view, on) => (on ? toPaper : fromPaper)(view);
})((window.geomapViewer = window.geomapViewer || {}));
