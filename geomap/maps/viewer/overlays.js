/* What can be laid over the map: heat, flows between capitals and venues, measured lines. */
(function (gm) {
  "use strict";

  // The heat is computed on a canvas of half the size; nobody sees the difference in a blur.
  const SHARE = 0.5;
  const REACH = 14;
  // From little to much, readable by the colour-blind: the upper part of the "inferno" scale.
  const HEAT = [[87, 16, 110], [188, 55, 84], [249, 142, 9], [252, 255, 164]];
  const EARTH_KM = 6371.0088;

  function blot() {
    const tile = L.DomUtil.create("canvas");
    tile.width = tile.height = 2 * REACH;
    const pen = tile.getContext("2d");
    const fade = pen.createRadialGradient(REACH, REACH, 0, REACH, REACH, REACH);
    fade.addColorStop(0, "rgba(0,0,0,1)");
    fade.addColorStop(1, "rgba(0,0,0,0)");
    pen.fillStyle = fade;
    pen.fillRect(0, 0, 2 * REACH, 2 * REACH);
    return tile;
  }

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

  /* How many shown marks lie in each cell of 4 pixels. */
  function heatCells(view, frame) {
    const { spots } = view.data;
    const cells = new Map();
    for (let s = 0; s < spots.count; s += 1) {
      if (!view.atSpot[s] || spots.area[s] >= 0) continue;
      const x = gm.screenX(frame, spots.x[s]) * SHARE;
      const y = gm.screenY(frame, spots.y[s]) * SHARE;
      if (x < -REACH || y < -REACH || x > frame.width * SHARE + REACH || y > frame.height * SHARE + REACH) continue;
      const key = Math.round(x / 2) * 8192 + Math.round(y / 2) + 4096;
      cells.set(key, (cells.get(key) || 0) + view.atSpot[s]);
    }
    return cells;
  }

  function paintHeat(view, context, frame) {
    const canvas = L.DomUtil.create("canvas");
    canvas.width = Math.ceil(frame.width * SHARE);
    canvas.height = Math.ceil(frame.height * SHARE);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const cells = heatCells(view, frame);
    const most = [...cells.values()].reduce((a, b) => Math.max(a, b), 1);
    const tile = (view.blot ||= blot());
    for (const [key, count] of cells) {
      pen.globalAlpha = Math.max(0.12, Math.min(1, Math.log1p(count) / Math.log1p(most)) * 0.7);
      const x = Math.floor(key / 8192) * 2;
      const y = ((key % 8192) - 4096) * 2;
      pen.drawImage(tile, x - REACH, y - REACH);
    }
    const image = pen.getImageData(0, 0, canvas.width, canvas.height);
    const colours = (view.heatColours ||= heatColours());
    for (let i = 3; i < image.data.length; i += 4) {
      const warm = image.data[i];
      if (!warm) continue;
      for (let c = 0; c < 3; c += 1) image.data[i - 3 + c] = colours[3 * warm + c];
      image.data[i] = Math.min(225, 40 + 1.3 * warm);
    }
    pen.putImageData(image, 0, 0);
    context.drawImage(canvas, 0, 0, frame.width, frame.height);
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
