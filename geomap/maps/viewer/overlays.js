/* What can be laid over the map: heat, flows between capitals and venues, measured lines. */
(function (gm) {
  "use strict";

  // Pixels in a cell of the heat, and cells that a mark warms on each side, by three blurs.
  const CELL = 4;
  const BLUR = 3;
  // From little to much, readable by the colour-blind: the upper part of the "inferno" scale.
  const HEAT = [[87, 16, 110], [188, 55, 84], [249, 142, 9], [252, 255, 164]];
  const EARTH_KM = 6371.0088;

  function heatColours() {
    const out = new Uint8Array(256 * 3);
    for (let i = 0; i < 256; i += 1) {
      const at = (i / 255) * (HEAT.length - 1);
      const low = Math.min(Math.floor(at), HEAT.length - 2);
      for (let c = 0; c < 3; c += 1) {
        out[3 * i + c] = HEAT[low][c] + (HEAT[low + 1][c] - HEAT[low][c]) * (at - low);
      }
    }
    return out;
  }

  /* How many shown marks lie in each cell. */
  function heatCells(view, frame, columns, rows) {
    const { spots } = view.data;
    const cells = new Float32Array(columns * rows);
    for (let s = 0; s < spots.count; s += 1) {
      if (!view.atSpot[s] || spots.area[s] >= 0) continue;
      const column = Math.floor(gm.screenX(frame, spots.x[s]) / CELL);
      const row = Math.floor(gm.screenY(frame, spots.y[s]) / CELL);
      if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
      cells[row * columns + column] += view.atSpot[s];
    }
    return cells;
  }

  /* Each cell becomes the mean of its neighbours along one direction. */
  function blurred(cells, count, length, step, across) {
    const out = new Float32Array(cells.length);
    for (let line = 0; line < count; line += 1) {
      const from = line * across;
      let sum = 0;
      for (let i = -BLUR; i < length; i += 1) {
        if (i + BLUR < length) sum += cells[from + (i + BLUR) * step];
        if (i - BLUR - 1 >= 0) sum -= cells[from + (i - BLUR - 1) * step];
        if (i >= 0) out[from + i * step] = sum;
      }
    }
    return out;
  }

  function paintHeat(view, context, frame) {
    const columns = Math.ceil(frame.width / CELL);
    const rows = Math.ceil(frame.height / CELL);
    let cells = heatCells(view, frame, columns, rows);
    for (let round = 0; round < 3; round += 1) {
      cells = blurred(cells, rows, columns, 1, columns);
      cells = blurred(cells, columns, rows, columns, 1);
    }
    const most = cells.reduce((a, b) => Math.max(a, b), 0);
    if (most <= 0) return;
    const canvas = L.DomUtil.create("canvas");
    [canvas.width, canvas.height] = [columns, rows];
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(columns, rows);
    const colours = (view.heatColours ||= heatColours());
    for (let i = 0; i < cells.length; i += 1) {
      // The root brings out what is little beside the most.
      const warm = Math.round(255 * Math.sqrt(Math.max(0, cells[i]) / most));
      for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = colours[3 * warm + c];
      image.data[4 * i + 3] = Math.min(215, 3 * warm);
    }
    pen.putImageData(image, 0, 0);
    context.drawImage(canvas, 0, 0, columns * CELL, rows * CELL);
  }

  /* ---- flows ---- */

  function paintFlows(view, context, frame) {
    context.lineWidth = 1.6;
    context.strokeStyle = view.colours.flow;
    for (const flow of view.scene.flows) {
      const shown = flow.marks.filter((i) => gm.isShown(view, i));
      if (!shown.length) continue;
      const spot = view.data.columns.spot[shown[0]];
      const [fx, fy] = gm.mercator(flow.lat, flow.lon);
      const from = [gm.screenX(frame, fx), gm.screenY(frame, fy)];
      const to = [gm.screenX(frame, view.data.spots.x[spot]), gm.screenY(frame, view.data.spots.y[spot])];
      paintFlow(view, context, from, to, { name: flow.name, count: shown.length });
    }
  }

  function paintFlow(view, context, from, to, { name, count }) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const bend = [(from[0] + to[0]) / 2 + dy * 0.16, (from[1] + to[1]) / 2 - dx * 0.16];
    context.globalAlpha = 0.85;
    context.lineWidth = 1.2 + Math.log2(1 + count);
    context.beginPath();
    context.moveTo(...from);
    context.quadraticCurveTo(...bend, ...to);
    context.stroke();
    context.globalAlpha = 1;
    context.fillStyle = view.colours.flow;
    context.beginPath();
    context.arc(...from, 3.5, 0, 2 * Math.PI);
    context.fill();
    context.font = "600 11px " + gm.FONT;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    const { strokeStyle } = context;
    context.strokeStyle = view.colours.halo;
    context.strokeText(name, from[0] + 7, from[1]);
    context.strokeStyle = strokeStyle;
    context.fillText(name, from[0] + 7, from[1]);
  }

  /* ---- measured lines ---- */

  function distanceKm(a, b) {
    const rad = Math.PI / 180;
    const half =
      Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
      Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2;
    return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
  }

  const lengthKm = (points) =>
    points.slice(1).reduce((sum, point, i) => sum + distanceKm(points[i], point), 0);

  function paintMeasure(view, context, frame) {
    const points = view.measure || [];
    if (!points.length) return;
    const at = points.map(({ lat, lng }) => {
      const [x, y] = gm.mercator(lat, lng);
      return [x * frame.world - frame.x, y * frame.world - frame.y];
    });
    context.lineJoin = "round";
    for (const [colour, width] of [["#fff", 5], ["#b00020", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      for (const point of at) context.lineTo(...point);
      context.stroke();
    }
    context.fillStyle = "#b00020";
    for (const [x, y] of at) {
      context.beginPath();
      context.arc(x, y, 4, 0, 2 * Math.PI);
      context.fill();
    }
  }

  Object.assign(gm, { distanceKm, lengthKm, paintFlows, paintHeat, paintMeasure });
})((window.geomapViewer = window.geomapViewer || {}));
