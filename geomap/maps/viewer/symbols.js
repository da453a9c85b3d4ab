/* Symbols of the layers: a shape and a colour each, hollow or dashed by status; counts, wheels. */
(function (gm) {
  "use strict";

  const INK = "#1d1d1d";

  function corners(count, turn, inner) {
    const points = [];
    for (let i = 0; i < count; i += 1) {
      const angle = turn + (i * 2 * Math.PI) / count;
      const reach = inner && i % 2 ? inner : 1;
      points.push([Math.sin(angle) * reach, -Math.cos(angle) * reach]);
    }
    return points;
  }

  const PLUS = [
    [-0.36, -1], [0.36, -1], [0.36, -0.36], [1, -0.36], [1, 0.36], [0.36, 0.36],
    [0.36, 1], [-0.36, 1], [-0.36, 0.36], [-1, 0.36], [-1, -0.36], [-0.36, -0.36],
  ];
  const SHAPES = {
    diamond: corners(4, 0).map(([x, y]) => [x * 1.15, y * 1.15]),
    burst: corners(16, 0, 0.62).map(([x, y]) => [x * 1.25, y * 1.25]),
    triangle: corners(3, 0).map(([x, y]) => [x * 1.2, y * 1.2 + 0.2]),
    square: corners(4, Math.PI / 4).map(([x, y]) => [x * 1.2, y * 1.2]),
    pentagon: corners(5, 0).map(([x, y]) => [x * 1.1, y * 1.1]),
    hexagon: corners(6, Math.PI / 6).map(([x, y]) => [x * 1.05, y * 1.05]),
    plus: PLUS,
    drop: corners(3, Math.PI).map(([x, y]) => [x * 1.2, y * 1.2 - 0.2]),
    bar: [[-1.1, -0.55], [1.1, -0.55], [1.1, 0.55], [-1.1, 0.55]],
  };

  function symbolPath(shape, x, y, radius) {
    const path = new Path2D();
    if (shape === "ring") path.arc(x, y, radius, 0, 2 * Math.PI);
    else {
      for (const [dx, dy] of SHAPES[shape]) path.lineTo(x + dx * radius, y + dy * radius);
      path.closePath();
    }
    return path;
  }

  const DASHES = { planned: [3, 2.2], threatened: [3, 2.2], denied: [1.2, 2], hypothetical: [1.2, 2] };

  function paintSymbol(context, group, status, x, y, radius) {
    const path = symbolPath(group.shape, x, y, radius);
    context.lineJoin = "round";
    context.strokeStyle = "#fff";
    context.lineWidth = 5;
    context.stroke(path);
    context.fillStyle = status === "asserted" ? group.colour : "#fff";
    if (status === "asserted") paintFilled(context, group, path, x, y, radius);
    else paintHollow(context, group, status, path);
    if (status === "denied") {
      context.beginPath();
      context.moveTo(x - radius, y + radius);
      context.lineTo(x + radius, y - radius);
      context.stroke();
    }
  }

  function paintFilled(context, group, path, x, y, radius) {
    context.strokeStyle = INK;
    context.lineWidth = 1.6;
    context.stroke(path);
    context.fill(path);
    if (group.shape !== "ring") return;
    context.strokeStyle = "#fff";
    context.beginPath();
    context.arc(x, y, radius * 0.52, 0, 2 * Math.PI);
    context.stroke();
  }

  function paintHollow(context, group, status, path) {
    context.setLineDash(DASHES[status] || []);
    context.strokeStyle = INK;
    context.lineWidth = 3.8;
    context.stroke(path);
    context.setLineDash([]);
    context.fill(path);
    context.setLineDash(DASHES[status] || []);
    context.strokeStyle = group.colour;
    context.lineWidth = 2.4;
    context.stroke(path);
    context.setLineDash([]);
  }

  function swatch(group, status) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = L.DomUtil.create("canvas", "gm-swatch");
    canvas.width = canvas.height = 22 * ratio;
    canvas.setAttribute("aria-hidden", "true");
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    paintSymbol(context, group, status, 11, 11, 6.5);
    return canvas;
  }

  function paintCount(context, x, y, count, dark) {
    const text = shortCount(count);
    context.font = "700 10px " + gm.FONT;
    const half = Math.max(7, context.measureText(text).width / 2 + 4);
    context.fillStyle = dark ? "#fff" : INK;
    context.strokeStyle = dark ? INK : "#fff";
    context.lineWidth = 1.5;
    context.beginPath();
    context.roundRect(x - half, y - 7, 2 * half, 14, 7);
    context.stroke();
    context.fill();
    context.fillStyle = dark ? INK : "#fff";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
  }

  const shortCount = (count) => (count > 999 ? Math.round(count / 100) / 10 + "k" : String(count));

  /* A wheel says: several marks here. Its slices are the shares of the layers. */
  function paintWheel(context, layers, shares, x, y, radius) {
    const disc = (reach, fill) => {
      context.beginPath();
      context.arc(x, y, reach, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
    };
    disc(radius + 2.5, "#fff");
    disc(radius + 0.8, INK);
    const count = shares.reduce((sum, share) => sum + share, 0);
    let turn = -Math.PI / 2;
    shares.forEach((share, layer) => {
      if (!share) return;
      const next = turn + (2 * Math.PI * share) / count;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius, turn, next);
      context.fillStyle = layers[layer].colour;
      context.fill();
      turn = next;
    });
    disc(radius * 0.62, "#fff");
    context.fillStyle = INK;
    context.font = "700 11px " + gm.FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(shortCount(count), x, y + 0.5);
  }

  Object.assign(gm, { paintCount, paintSymbol, paintWheel, swatch });
})((window.geomapViewer = window.geomapViewer || {}));
