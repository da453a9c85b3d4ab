/* Paints a scene (geomap.scene/1) on canvases: the basemap below, the marks above. */
(function () {
  "use strict";

  // From the surest to the least sure; a mark for several incidents shows the surest.
  const STATUSES = ["asserted", "alleged", "planned", "threatened", "denied", "hypothetical"];
  // Marks that would cover each other are gathered; from so many visible incidents on, more are.
  const CROWDED_FROM = 2000;
  const NEAR_PIXELS = 19;
  const CROWDED_PIXELS = 70;
  const MARK_RADIUS = 7.5;
  // Web Mercator: metres in a pixel at the equator at zoom 0, and its last latitude.
  const METRES = 156543.03392;
  const LAST_LAT = 85.05;

  /* Positions are kept in Web Mercator, as a share of the world's width (0 to 1). */
  function mercator(lat, lon) {
    const sine = Math.sin((Math.max(-LAST_LAT, Math.min(LAST_LAT, lat)) * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  function projected(steps, scale) {
    const out = new Float64Array(steps.length);
    let x = 0;
    let y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      const at = mercator(y / scale, x / scale);
      out[i] = at[0];
      out[i + 1] = at[1];
    }
    return out;
  }

  const projectedPolygons = (polygons, scale) =>
    (polygons || []).map((rings) => rings.map((ring) => projected(ring, scale)));

  /* ---- a canvas that moves with the map ---- */

  const Surface = L.Renderer.extend({
    initialize(paint, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this._paint = paint;
    },
    _initContainer() {
      this._container = L.DomUtil.create("canvas", "gm-surface");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = Math.round(size.x * ratio);
      this._container.height = Math.round(size.y * ratio);
      this._container.style.width = size.x + "px";
      this._container.style.height = size.y + "px";
      this._context.scale(ratio, ratio);
      this.redraw();
    },
    redraw() {
      if (!this._bounds) return;
      const size = this._bounds.getSize();
      this._context.clearRect(0, 0, size.x, size.y);
      this._paint(this._context, this.frame());
    },
    frame() {
      const size = this._bounds.getSize();
      const origin = this._map.getPixelOrigin().add(this._bounds.min);
      const world = 256 * Math.pow(2, this._zoom);
      return { world, x: origin.x, y: origin.y, width: size.x, height: size.y, zoom: this._zoom };
    },
  });

  function tracePath(path, points, frame) {
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i] * frame.world - frame.x;
      const y = points[i + 1] * frame.world - frame.y;
      if (i) path.lineTo(x, y);
      else path.moveTo(x, y);
    }
  }

  function pathOf(lines, frame) {
    const path = new Path2D();
    for (const line of lines) tracePath(path, line, frame);
    return path;
  }

  /* ---- the basemap ---- */

  function readBasemap(scene) {
    const base = scene.basemap || {};
    const lines = (list) => (list || []).map((line) => projected(line, scene.scale));
    return {
      world: projectedPolygons(base.world, scene.worldScale),
      land: projectedPolygons(base.land, scene.scale),
      coast: lines(base.coast),
      borders: lines(base.borders),
      provinces: lines(base.provinces),
      corners: base.extent && [
        mercator(base.extent[3], base.extent[0]),
        mercator(base.extent[1], base.extent[2]),
      ],
      cities: (base.cities || []).map(([name, lat, lon, capital]) => ({
        name, capital, at: mercator(lat, lon),
      })),
      countries: (base.countries || []).map(([name, lat, lon, wide]) => ({
        name, wide, at: mercator(lat, lon),
      })),
    };
  }

  function frameOf(basemap, frame) {
    const [[x0, y0], [x1, y1]] = basemap.corners;
    const left = x0 * frame.world - frame.x;
    const top = y0 * frame.world - frame.y;
    return [left, top, (x1 - x0) * frame.world, (y1 - y0) * frame.world];
  }

  function paintLand(context, polygons, frame, colour, edge) {
    for (const rings of polygons) {
      const path = pathOf(rings, frame);
      context.fillStyle = colour;
      context.fill(path, "evenodd");
      context.strokeStyle = edge;
      context.stroke(path);
    }
  }

  function strokeLines(context, lines, frame, colour, width, dash) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    context.stroke(pathOf(lines, frame));
    context.setLineDash([]);
  }

  function paintBasemap(context, frame, basemap, colours, points) {
    context.lineJoin = "round";
    context.lineWidth = 0.8;
    paintLand(context, basemap.world, frame, colours.land, colours.faint);
    const [left, top, width, height] = basemap.corners ? frameOf(basemap, frame) : [0, 0, 0, 0];
    // Seen from far away the detail would be a dark patch in the world.
    if (width > 0.3 * frame.width) {
      context.save();
      context.beginPath();
      context.rect(left + 1, top + 1, width - 2, height - 2);
      context.clip();
      context.fillStyle = colours.sea;
      context.fillRect(0, 0, frame.width, frame.height);
      paintLand(context, basemap.land, frame, colours.land, colours.land);
      strokeLines(context, basemap.provinces, frame, colours.province, 0.9, [3, 3]);
      strokeLines(context, basemap.coast, frame, colours.coast, 0.9, []);
      strokeLines(context, basemap.borders, frame, colours.border, 1.3, []);
      context.restore();
    }
    paintLabels(context, frame, basemap, colours, points);
  }

  function paintLabels(context, frame, basemap, colours, points) {
    const taken = [];
    const free = (box) =>
      !taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]);
    const write = (text, x, y, box, colour) => {
      taken.push(box);
      context.strokeStyle = colours.halo;
      context.lineWidth = 3;
      context.strokeText(text, x, y);
      context.fillStyle = colour;
      context.fillText(text, x, y);
    };
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.textAlign = "center";
    context.font = "600 11px system-ui, sans-serif";
    context.letterSpacing = "2px";
    for (const country of basemap.countries) {
      const [x, y] = [country.at[0] * frame.world - frame.x, country.at[1] * frame.world - frame.y];
      if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
      const text = country.name.toUpperCase();
      const half = context.measureText(text).width / 2 + 4;
      const box = [x - half, y - 9, x + half, y + 9];
      const room = (country.wide / 360) * frame.world;
      if (half * 1.6 < room && free(box)) write(text, x, y, box, colours.country);
    }
    context.letterSpacing = "0px";
    context.textAlign = "left";
    paintCities(context, frame, basemap, colours, { free, write, points });
  }

  /* Tell whether a mark will cover the dot of a town. */
  function isMarked(points, at, frame) {
    const reach = 13 / frame.world;
    return points.some((p) => Math.abs(p.at[0] - at[0]) < reach && Math.abs(p.at[1] - at[1]) < reach);
  }

  function paintCities(context, frame, basemap, colours, { free, write, points }) {
    if (frame.zoom < 3.5) return;
    for (const city of basemap.cities) {
      const [x, y] = [city.at[0] * frame.world - frame.x, city.at[1] * frame.world - frame.y];
      if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
      context.font = (city.capital ? "600 12px" : "11px") + " system-ui, sans-serif";
      const width = context.measureText(city.name).width;
      // Fewer labels when zoomed out: each keeps a free space around it.
      const space = Math.max(3, 26 - 3 * frame.zoom);
      const box = [x - 4 - space, y - 7 - space, x + width + 18 + space, y + 7 + space];
      if (!free(box)) continue;
      context.fillStyle = colours.city;
      context.beginPath();
      context.arc(x, y, city.capital ? 2.4 : 1.7, 0, 2 * Math.PI);
      context.fill();
      write(city.name, x + (isMarked(points, city.at, frame) ? 16 : 6), y, box, colours.city);
    }
  }

  /* ---- symbols ---- */

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
    context.strokeStyle = "#1d1d1d";
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
    context.strokeStyle = "#1d1d1d";
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
    const text = count > 999 ? Math.round(count / 100) / 10 + "k" : String(count);
    context.font = "700 10px system-ui, sans-serif";
    const half = Math.max(7, context.measureText(text).width / 2 + 4);
    context.fillStyle = dark ? "#fff" : "#1d1d1d";
    context.strokeStyle = dark ? "#1d1d1d" : "#fff";
    context.lineWidth = 1.5;
    context.beginPath();
    context.roundRect(x - half, y - 7, 2 * half, 14, 7);
    context.stroke();
    context.fill();
    context.fillStyle = dark ? "#1d1d1d" : "#fff";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
  }

  /* A wheel says: several kinds of events here. Its slices are their shares. */
  function paintWheel(context, groups, mark, x, y, radius) {
    const shares = new Map();
    for (const item of mark.items) shares.set(item.group, (shares.get(item.group) || 0) + 1);
    const disc = (reach, fill) => {
      context.beginPath();
      context.arc(x, y, reach, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
    };
    disc(radius + 2.5, "#fff");
    disc(radius + 0.8, "#1d1d1d");
    let turn = -Math.PI / 2;
    for (const [group, count] of [...shares].sort((a, b) => a[0] - b[0])) {
      const next = turn + (2 * Math.PI * count) / mark.items.length;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius, turn, next);
      context.fillStyle = groups[group].colour;
      context.fill();
      turn = next;
    }
    disc(radius * 0.62, "#fff");
    context.fillStyle = "#1d1d1d";
    context.font = "700 11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    const count = mark.items.length;
    context.fillText(count > 999 ? Math.round(count / 100) / 10 + "k" : count, x, y + 0.5);
  }

  /* ---- what is where ---- */

  function groupSpots(view) {
    const bySpot = new Map();
    for (const item of view.shown()) {
      if (item.spot === undefined) continue;
      if (!bySpot.has(item.spot)) bySpot.set(item.spot, []);
      bySpot.get(item.spot).push(item);
    }
    view.points = [];
    view.areas = [];
    for (const [index, items] of bySpot) {
      const spot = view.scene.spots[index];
      const isPoint = !spot.polygons && !spot.km;
      (isPoint ? view.points : view.areas).push({ spot, items, at: spot.at });
    }
  }

  /* Gather marks that lie within some pixels of the first of them. Cells are anchored on the
     world, so that panning changes nothing. */
  function gathered(marks, frame, reach) {
    const cells = new Map();
    const key = (column, row) => column * 1e7 + row;
    const near = (x, y, column, row) => {
      for (let i = column - 1; i <= column + 1; i += 1) {
        for (let j = row - 1; j <= row + 1; j += 1) {
          const found = (cells.get(key(i, j)) || []).find((c) => Math.hypot(c.x - x, c.y - y) < reach);
          if (found) return found;
        }
      }
      return null;
    };
    const clusters = [];
    for (const mark of marks) {
      const [x, y] = [mark.at[0] * frame.world, mark.at[1] * frame.world];
      const [column, row] = [Math.floor(x / reach), Math.floor(y / reach)];
      const cluster = near(x, y, column, row);
      if (cluster) cluster.marks.push(mark);
      else {
        const first = { x, y, marks: [mark] };
        clusters.push(first);
        if (!cells.has(key(column, row))) cells.set(key(column, row), []);
        cells.get(key(column, row)).push(first);
      }
    }
    return clusters.map((cluster) => clusterOf(cluster.marks));
  }

  function clusterOf(marks) {
    if (marks.length === 1) return marks[0];
    const items = marks.flatMap((mark) => mark.items);
    const at = [0, 0];
    for (const mark of marks) {
      at[0] += (mark.at[0] * mark.items.length) / items.length;
      at[1] += (mark.at[1] * mark.items.length) / items.length;
    }
    return { items, at, marks };
  }

  function visibleMarks(view, frame) {
    const edge = 40 / frame.world;
    const [x0, y0] = [frame.x / frame.world - edge, frame.y / frame.world - edge];
    const x1 = x0 + frame.width / frame.world + 2 * edge;
    const y1 = y0 + frame.height / frame.world + 2 * edge;
    const seen = view.points.filter(
      ({ at }) => at[0] >= x0 && at[0] <= x1 && at[1] >= y0 && at[1] <= y1,
    );
    const total = seen.reduce((sum, mark) => sum + mark.items.length, 0);
    return gathered(seen, frame, total > CROWDED_FROM ? CROWDED_PIXELS : NEAR_PIXELS);
  }

  function paintMarks(view, context, frame) {
    view.frame = frame;
    view.hits = [];
    for (const area of view.areas) paintArea(view, context, frame, area);
    for (const area of view.areas) paintChip(view, context, frame, area);
    const marks = visibleMarks(view, frame).sort((a, b) => a.at[1] - b.at[1]);
    for (const mark of marks) paintMark(view, context, frame, mark);
  }

  function strongest(items) {
    return items.reduce((best, item) =>
      STATUSES.indexOf(item.status) < STATUSES.indexOf(best.status) ? item : best,
    );
  }

  function paintMark(view, context, frame, mark) {
    const x = mark.at[0] * frame.world - frame.x;
    const y = mark.at[1] * frame.world - frame.y;
    const count = mark.items.length;
    const mixed = mark.marks || mark.items.some((item) => item.group !== mark.items[0].group);
    const radius = mixed ? 11 + 2.2 * Math.log10(count) ** 2 : MARK_RADIUS;
    if (mixed) paintWheel(context, view.scene.groups, mark, x, y, radius);
    else {
      const item = strongest(mark.items);
      paintSymbol(context, view.scene.groups[item.group], item.status, x, y, radius);
      if (count > 1) paintCount(context, x + 9, y - 9, count, view.theme === "dark");
    }
    view.hits.push({ mark, x, y, reach: radius + 5 });
  }

  function areaPath(area, frame) {
    if (area.spot.polygons) return pathOf(area.spot.polygons.flat(), frame);
    const path = new Path2D();
    const [x, y] = [area.at[0] * frame.world - frame.x, area.at[1] * frame.world - frame.y];
    const metres = (METRES * 256 * Math.cos((area.spot.lat * Math.PI) / 180)) / frame.world;
    path.arc(x, y, Math.max(3, (area.spot.km * 1000) / metres), 0, 2 * Math.PI);
    return path;
  }

  // The one group colour that a dark ground swallows, and what stands for it there.
  const INK = "#2B2B2B";
  const INK_ON_DARK = "#C9CDD2";

  function outlineColour(view, area) {
    const { colour } = view.scene.groups[strongest(area.items).group];
    return view.theme === "dark" && colour === INK ? INK_ON_DARK : colour;
  }

  function paintArea(view, context, frame, area) {
    const path = areaPath(area, frame);
    const colour = outlineColour(view, area);
    context.save();
    context.globalAlpha = 0.6;
    context.fillStyle = hatching(view, context, colour);
    context.fill(path, "evenodd");
    context.globalAlpha = 0.95;
    context.strokeStyle = colour;
    context.lineWidth = 1.8;
    context.setLineDash(area.spot.polygons ? [] : [7, 4]);
    context.stroke(path);
    context.restore();
    view.hits.push({ mark: area, path });
  }

  function hatching(view, context, colour) {
    if (!view.hatches.has(colour)) {
      const tile = L.DomUtil.create("canvas");
      tile.width = tile.height = 9;
      const pen = tile.getContext("2d");
      pen.strokeStyle = colour;
      pen.lineWidth = 1.6;
      pen.beginPath();
      for (const shift of [-9, 0, 9]) {
        pen.moveTo(shift, 9);
        pen.lineTo(shift + 9, 0);
      }
      pen.stroke();
      view.hatches.set(colour, context.createPattern(tile, "repeat"));
    }
    return view.hatches.get(colour);
  }

  /* An area has no point: it carries a name plate instead of a mark. */
  function paintChip(view, context, frame, area) {
    const [west, , east] = area.spot.box;
    const room = ((east - west) / 360) * frame.world;
    const x = area.at[0] * frame.world - frame.x;
    // At the foot of a circle, whose middle may be a town with a mark of its own.
    const foot = area.spot.polygons ? 0 : Math.max(room / 2, 18);
    const y = area.at[1] * frame.world - frame.y + foot;
    const name = area.spot.name || "Approximate area";
    const long = name + " · " + area.items.length;
    context.font = "600 11px system-ui, sans-serif";
    const text = context.measureText(long).width < room * 0.9 ? long : "≈ " + area.items.length;
    const half = context.measureText(text).width / 2 + 8;
    context.fillStyle = view.colours.plate;
    context.strokeStyle = outlineColour(view, area);
    context.lineWidth = 1.8;
    context.beginPath();
    context.roundRect(x - half, y - 9.5, 2 * half, 19, 4);
    context.fill();
    context.stroke();
    context.fillStyle = view.colours.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
    view.hits.push({ mark: area, x, y, reach: 10, half });
  }

  function hitAt(view, layerPoint) {
    const origin = view.map.getPixelOrigin();
    const x = layerPoint.x + origin.x - view.frame.x;
    const y = layerPoint.y + origin.y - view.frame.y;
    const context = view.surface._context;
    const ratio = window.devicePixelRatio || 1;
    const on = (hit) =>
      hit.path
        ? context.isPointInPath(hit.path, x * ratio, y * ratio, "evenodd")
        : hit.half
          ? Math.abs(hit.x - x) < hit.half && Math.abs(hit.y - y) < hit.reach
          : Math.hypot(hit.x - x, hit.y - y) < hit.reach;
    return view.hits.findLast(on);
  }

  window.geomapCanvas = {
    Surface, groupSpots, hitAt, mercator, paintBasemap, paintMarks, projectedPolygons, readBasemap,
    swatch,
  };
})();
