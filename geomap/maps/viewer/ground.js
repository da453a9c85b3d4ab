/* The ground: a canvas that moves with the map, and the basemap that is painted on it. */
(function (gm) {
  "use strict";

  const LAST_LAT = 85.05; // Web Mercator ends there
  const FONT = "system-ui, sans-serif";
  // Pixels up or down to where a country's name is free of marks, the nearest first.
  const SHIFTS = [0, -20, 20, -40, 40];

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
      [out[i], out[i + 1]] = mercator(y / scale, x / scale);
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
      this._container.setAttribute("aria-hidden", "true");
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
    /* Painted before the next picture of the screen, however often it is asked for till then. */
    redraw() {
      this._asked ||= requestAnimationFrame(() => this.paint());
    },
    /* Paint at once what is waited for. */
    settle() {
      if (this._asked) this.paint();
    },
    paint() {
      cancelAnimationFrame(this._asked);
      this._asked = 0;
      if (!this._bounds || !this._container) return;
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

  /* The world repeats from west to east: x in the copy that is nearest to the frame's middle. */
  function screenX(frame, x) {
    const at = x * frame.world - frame.x;
    return at - Math.round((at - frame.width / 2) / frame.world) * frame.world;
  }

  const screenY = (frame, y) => y * frame.world - frame.y;

  /* The frame, once for each copy of the world in which a stretch (shares of its width) is seen. */
  function copiesOf(frame, west, east) {
    const first = Math.ceil(frame.x / frame.world - east);
    const last = Math.floor((frame.x + frame.width) / frame.world - west);
    const out = [];
    for (let k = first; k <= last; k += 1) out.push({ ...frame, x: frame.x - k * frame.world });
    return out;
  }

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

  /* Rings or lines with the box around them, so that what is out of sight is passed over. */
  function boxed(lines) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const line of lines) {
      for (let i = 0; i < line.length; i += 2) {
        box[0] = Math.min(box[0], line[i]);
        box[1] = Math.min(box[1], line[i + 1]);
        box[2] = Math.max(box[2], line[i]);
        box[3] = Math.max(box[3], line[i + 1]);
      }
    }
    return { lines, box };
  }

  function inSight({ box }, { x, y, width, height, world }) {
    return box[0] * world < x + width && box[2] * world > x && box[1] * world < y + height && box[3] * world > y;
  }

  /* The name of a country for the reader, as the browser knows it; what else is given without one. */
  function regionNames({ language }) {
    try {
      const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
      return (name, code) => (/^[A-Z]{2}$/.test(code) && names.of(code)) || name;
    } catch {
      // No language is asked for, or one that the browser takes for none.
      return (name) => name;
    }
  }

  function readBasemap(scene) {
    const base = scene.basemap || {};
    const regionName = regionNames(scene);
    const lines = (list) => (list || []).map((line) => boxed([projected(line, scene.scale)]));
    const polygons = (list, scale) => projectedPolygons(list, scale).map(boxed);
    return {
      world: polygons(base.world, scene.worldScale),
      waters: polygons(base.waters, scene.worldScale),
      land: polygons(base.land, scene.scale),
      lakes: polygons(base.lakes, scene.scale),
      rivers: lines(base.rivers),
      coast: lines(base.coast),
      borders: lines(base.borders),
      disputed: lines(base.disputed),
      provinces: lines(base.provinces),
      corners: base.extent && [
        mercator(base.extent[3], base.extent[0]),
        mercator(base.extent[1], base.extent[2]),
      ],
      cities: (base.cities || []).map(([name, lat, lon, capital]) => ({
        name, capital, at: mercator(lat, lon),
      })),
      countries: (base.countries || []).map(([name, lat, lon, wide, code]) => ({
        name: regionName(name, code), wide, at: mercator(lat, lon),
      })),
    };
  }

  function paintLand(context, polygons, frame, colour, edge) {
    context.fillStyle = colour;
    context.strokeStyle = edge;
    for (const polygon of polygons) {
      if (!inSight(polygon, frame)) continue;
      const path = pathOf(polygon.lines, frame);
      context.fill(path, "evenodd");
      context.stroke(path);
    }
  }

  function strokeLines(context, lines, frame, colour, width, dash) {
    if (!lines.length) return;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    const path = new Path2D();
    for (const line of lines) if (inSight(line, frame)) tracePath(path, line.lines[0], frame);
    context.stroke(path);
    context.setLineDash([]);
  }

  function paintDetail(context, frame, basemap, colours) {
    const [[x0, y0], [x1, y1]] = basemap.corners;
    const wide = (x1 - x0) * frame.world;
    // Seen from far away the detail would be a dark patch in the world.
    if (wide < 0.3 * frame.width) return;
    for (const copy of copiesOf(frame, x0, x1)) {
      context.save();
      context.beginPath();
      const [left, top] = [x0 * copy.world - copy.x, y0 * copy.world - copy.y];
      context.rect(left + 1, top + 1, wide - 2, (y1 - y0) * copy.world - 2);
      context.clip();
      context.fillStyle = colours.sea;
      context.fillRect(0, 0, copy.width, copy.height);
      context.lineWidth = 0.8;
      paintLand(context, basemap.land, copy, colours.land, colours.land);
      strokeLines(context, basemap.rivers, copy, colours.river, 0.9, []);
      paintLand(context, basemap.lakes, copy, colours.sea, colours.coast);
      strokeLines(context, basemap.provinces, copy, colours.province, 0.9, [3, 3]);
      strokeLines(context, basemap.coast, copy, colours.coast, 0.9, []);
      strokeLines(context, basemap.borders, copy, colours.border, 1.3, []);
      strokeLines(context, basemap.disputed, copy, colours.disputed, 1.5, [2, 3]);
      context.restore();
    }
  }

  /* Whether the detailed part fills the frame. */
  function isCovered(frame, { corners }) {
    if (!corners) return false;
    const [[x0, y0], [x1, y1]] = corners;
    const within = ({ x, y, width, height, world }) =>
      x0 * world <= x && x1 * world >= x + width && y0 * world <= y && y1 * world >= y + height;
    return copiesOf(frame, x0, x1).some(within);
  }

  function paintBasemap(view, context, frame) {
    const { basemap } = view.data;
    const { colours } = view;
    context.lineJoin = "round";
    context.lineWidth = 0.8;
    for (const copy of isCovered(frame, basemap) ? [] : copiesOf(frame, 0, 1)) {
      paintLand(context, basemap.world, copy, colours.land, colours.faint);
      paintLand(context, basemap.waters, copy, colours.sea, colours.faint);
    }
    if (basemap.corners) paintDetail(context, frame, basemap, colours);
    paintLabels(view, context, frame);
  }

  /* Boxes that are taken, found through a grid: hundreds of labels, each against few others. */
  function newRoom() {
    const cells = new Map();
    const side = 80;
    const visit = (box, act) => {
      for (let i = Math.floor(box[0] / side); i <= Math.floor(box[2] / side); i += 1) {
        for (let j = Math.floor(box[1] / side); j <= Math.floor(box[3] / side); j += 1) {
          if (act(i * 4096 + j)) return true;
        }
      }
      return false;
    };
    const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
    return {
      free: (box) => !visit(box, (key) => (cells.get(key) || []).some((other) => meets(box, other))),
      take: (box) => {
        visit(box, (key) => {
          if (!cells.has(key)) cells.set(key, []);
          cells.get(key).push(box);
        });
      },
    };
  }

  function write(context, colours, text, x, y, colour) {
    context.strokeStyle = colours.halo;
    context.lineWidth = 3;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  const isOutside = (frame, x, y) => x < 0 || y < 0 || x > frame.width || y > frame.height;

  /* What lies under a mark is named first, then countries, then the other towns. */
  function paintLabels(view, context, frame) {
    const room = newRoom();
    const towns = townsOf(view, frame);
    for (const box of gm.markBoxes(view, frame)) room.take(box);
    context.textBaseline = "middle";
    context.lineJoin = "round";
    paintTowns(view, context, frame, room, towns.filter((town) => town.shift !== null));
    paintCountries(view, context, frame, room);
    paintTowns(view, context, frame, room, towns.filter((town) => town.shift === null));
  }

  function paintCountries(view, context, frame, room) {
    context.textAlign = "center";
    context.font = "600 11px " + FONT;
    for (const country of view.data.basemap.countries) {
      const [x, y] = [screenX(frame, country.at[0]), screenY(frame, country.at[1])];
      if (isOutside(frame, x, y)) continue;
      const text = country.name.toUpperCase();
      // Letters that join must not be spaced.
      context.letterSpacing = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\P{L}]*$/u.test(text) ? "2px" : "0px";
      const half = context.measureText(text).width / 2 + 4;
      const wide = (country.wide / 360) * frame.world;
      if (half * 1.6 > wide) continue;
      const boxAt = (shift) => [x - half, y + shift - 9, x + half, y + shift + 9];
      // No further than where most countries of that width still are.
      const shift = SHIFTS.find((value) => Math.abs(value) <= wide / 5 && room.free(boxAt(value)));
      if (shift === undefined) continue;
      room.take(boxAt(shift));
      write(context, view.colours, text, x, y + shift, view.colours.country);
    }
    context.letterSpacing = "0px";
  }

  /* The towns in sight, each with how far right of its dot its name clears the mark that covers it. */
  function townsOf(view, frame) {
    if (frame.zoom < 3.5) return [];
    const shiftAt = gm.nameShift(view, frame);
    return view.data.basemap.cities.flatMap((city) => {
      const [x, y] = [screenX(frame, city.at[0]), screenY(frame, city.at[1])];
      return isOutside(frame, x, y) ? [] : [{ city, x, y, shift: shiftAt(x, y) }];
    });
  }

  function paintTowns(view, context, frame, room, towns) {
    const { colours } = view;
    context.textAlign = "left";
    // Fewer labels when zoomed out: each keeps a free space around it.
    const space = Math.max(3, 26 - 3 * frame.zoom);
    for (const { city, x, y, shift } of towns) {
      context.font = (city.capital ? "600 12px " : "11px ") + FONT;
      const width = context.measureText(city.name).width;
      const covered = shift !== null;
      const start = x + (covered ? shift : 6);
      const left = covered ? start - 3 : x - 4 - space;
      const around = covered ? 0 : space;
      if (!room.free([left, y - 7 - around, start + width + 4 + around, y + 7 + around])) continue;
      room.take([left, y - 7 - space, start + width + 4 + space, y + 7 + space]);
      context.fillStyle = colours.city;
      context.beginPath();
      context.arc(x, y, city.capital ? 2.4 : 1.7, 0, 2 * Math.PI);
      context.fill();
      write(context, colours, city.name, start, y, colours.city);
    }
  }

  Object.assign(gm, {
    FONT, Surface, copiesOf, mercator, paintBasemap, pathOf, projectedPolygons, readBasemap,
    screenX, screenY,
  });
})((window.geomapViewer = window.geomapViewer || {}));
