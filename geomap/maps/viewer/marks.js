/* Marks on the map: gathered where they would cover each other, areas hatched, and what is hit. */
(function (gm) {
  "use strict";

  // From so many visible points on, marks are gathered in wider cells.
  const CROWDED_FROM = 2000;
  // Pixels: first into cells of a grid that is fixed to the world, then cells nearer than the reach.
  const NEAR = { cell: 10, reach: 19 };
  const CROWDED = { cell: 40, reach: 62 };
  const MARK_RADIUS = 7.5;
  const MARGIN = 20;
  const COVER = 24;
  // Web Mercator: metres in a pixel at the equator at zoom 0.
  const METRES = 156543.03392;
  // The one colour that a dark ground swallows, and what stands for it there.
  const INK = "#2B2B2B";
  const INK_ON_DARK = "#C9CDD2";

  /* ---- gathering ---- */

  /* The spots with shown marks inside the frame, with their places on the canvas: `screenX` and
     `screenY`, written out because it runs over all spots at every painting. */
  function visibleSpots(view, frame) {
    const { spots } = view.data;
    const { atSpot } = view;
    const { x: xs, y: ys, area } = spots;
    const out = (view.buffer ||= {
      spot: new Uint32Array(spots.count), x: new Float64Array(spots.count), y: new Float64Array(spots.count),
    });
    const { world, width, height } = frame;
    let count = 0;
    for (let s = 0; s < spots.count; s += 1) {
      if (atSpot[s] === 0 || area[s] >= 0) continue;
      const y = ys[s] * world - frame.y;
      if (y < -MARGIN || y > height + MARGIN) continue;
      let x = xs[s] * world - frame.x;
      x -= Math.round((x - width / 2) / world) * world;
      if (x < -MARGIN || x > width + MARGIN) continue;
      out.spot[count] = s;
      out.x[count] = x;
      out.y[count] = y;
      count += 1;
    }
    return { ...out, count };
  }

  /* Spots of one cell of the grid become one cluster, in the middle of its marks. They form a chain
     from `head` on through `view.next`: arrays of a hundred thousand numbers would take longer. */
  function cellsOf(view, frame, visible, side) {
    const next = (view.next ||= new Int32Array(view.data.spots.count));
    const left = Math.floor((frame.x - MARGIN) / side);
    const top = Math.floor((frame.y - MARGIN) / side);
    const columns = Math.ceil((frame.width + 2 * MARGIN) / side) + 2;
    const rows = Math.ceil((frame.height + 2 * MARGIN) / side) + 2;
    const taken = new Int32Array(columns * rows).fill(-1);
    const clusters = [];
    for (let i = 0; i < visible.count; i += 1) {
      const s = visible.spot[i];
      const x = visible.x[i];
      const y = visible.y[i];
      const column = Math.floor((x + frame.x) / side) - left;
      const key = (Math.floor((y + frame.y) / side) - top) * columns + column;
      if (taken[key] < 0) {
        taken[key] = clusters.length;
        clusters.push({ x: 0, y: 0, count: 0, head: s, tail: s, size: 0 });
      }
      const cluster = clusters[taken[key]];
      const count = view.atSpot[s];
      const share = count / (cluster.count + count);
      cluster.x += (x - cluster.x) * share;
      cluster.y += (y - cluster.y) * share;
      cluster.count += count;
      cluster.size += 1;
      next[cluster.tail] = s;
      next[s] = -1;
      cluster.tail = s;
    }
    return clusters;
  }

  /* Clusters join the largest one within reach, or under its wheel. */
  function joined(view, clusters, nearest) {
    const order = clusters.sort((a, b) => b.count - a.count || a.head - b.head);
    const reach = Math.max(nearest, order.length ? wheelRadius(order[0].count) + MARK_RADIUS : 0);
    const isNear = (large, small) => {
      const least = Math.max(nearest, wheelRadius(large.count) + MARK_RADIUS);
      return Math.hypot(large.x - small.x, large.y - small.y) < least;
    };
    const cells = new Map();
    const out = [];
    for (const cluster of order) {
      const column = Math.floor(cluster.x / reach);
      const row = Math.floor(cluster.y / reach);
      let near = null;
      for (let i = column - 1; i <= column + 1 && !near; i += 1) {
        for (let j = row - 1; j <= row + 1 && !near; j += 1) {
          near = (cells.get(i * 8192 + j) || []).find((large) => isNear(large, cluster));
        }
      }
      if (near) {
        near.count += cluster.count;
        near.size += cluster.size;
        view.next[near.tail] = cluster.head;
        near.tail = cluster.tail;
        continue;
      }
      const key = column * 8192 + row;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(cluster);
      out.push(cluster);
    }
    return out;
  }

  /* The numbers of a cluster's spots; to be asked for before the next painting. */
  function spotsOf(view, cluster) {
    const out = [cluster.head];
    while (out.length < cluster.size) out.push(view.next[out[out.length - 1]]);
    return out;
  }

  /* The clusters of a frame; the ground asks for them first, for its labels. */
  function clustersOf(view, frame) {
    const key = [frame.world, frame.x, frame.y, frame.width, frame.height, view.shownVersion].join();
    if (view.gathered && view.gathered.key === key) return view.gathered.clusters;
    const visible = visibleSpots(view, frame);
    const { cell, reach } = visible.count > CROWDED_FROM ? CROWDED : NEAR;
    const clusters = joined(view, cellsOf(view, frame, visible, cell), reach);
    view.gathered = { key, clusters };
    return clusters;
  }

  const wheelRadius = (count) => 11 + 2.2 * Math.log10(count) ** 2;

  /* What the shown marks of a cluster are: shares of the layers, the surest one, the most deaths. */
  function summarise(view, cluster) {
    const { starts, marks } = view.data.bySpot;
    const { layer, status, killed } = view.data.columns;
    const { mask, next } = view;
    const shares = new Array(view.scene.layers.length).fill(0);
    let surest = -1;
    let deaths = 0;
    for (let s = cluster.head; s >= 0; s = cluster.size > 1 ? next[s] : -1) {
      for (let k = starts[s]; k < starts[s + 1]; k += 1) {
        const i = marks[k];
        if (mask[i] !== gm.SHOWN) continue;
        shares[layer[i]] += 1;
        if (killed[i] > deaths) deaths = killed[i];
        if (surest < 0 || status[i] < status[surest]) surest = i;
      }
    }
    return { shares, surest, deaths, mixed: cluster.size > 1 || shares.filter(Boolean).length > 1 };
  }

  /* ---- painting ---- */

  /* With sizes by deaths on, the area of a mark grows with the digits of the toll. */
  function sizeOf(view, deaths) {
    return view.bySize && deaths > 0 ? 1 + 0.5 * Math.log10(1 + deaths) : 1;
  }

  function paintMarks(view, context, frame) {
    view.frame = frame;
    view.hits = [];
    const areas = view.scene.areas.filter((area) => view.atSpot[area.spot]);
    for (const area of areas) paintArea(view, context, frame, area);
    for (const area of areas) paintChip(view, context, frame, area);
    if (view.heat) gm.paintHeat(view, context, frame);
    else {
      if (view.flows) gm.paintFlows(view, context, frame);
      const clusters = [...clustersOf(view, frame)].sort((a, b) => a.y - b.y);
      for (const cluster of clusters) paintCluster(view, context, cluster);
    }
    gm.paintMeasure(view, context, frame);
  }

  function paintCluster(view, context, cluster) {
    const { x, y, count } = cluster;
    const { layers, statuses } = view.scene;
    const { shares, surest, deaths, mixed } = summarise(view, cluster);
    const radius = (mixed ? wheelRadius(count) : MARK_RADIUS) * sizeOf(view, deaths);
    if (mixed) gm.paintWheel(context, layers, shares, x, y, radius);
    else {
      const { layer, status } = view.data.columns;
      gm.paintSymbol(context, layers[layer[surest]], statuses[status[surest]][0], x, y, radius);
      if (count > 1) gm.paintCount(context, x + radius + 1.5, y - radius - 1.5, count, view.theme === "dark");
    }
    view.hits.push({ spots: () => spotsOf(view, cluster), x, y, reach: radius + 5 });
  }

  function areaPath(area, spots, frame) {
    if (area.shape) return gm.pathOf(area.shape.flat(), frame);
    const path = new Path2D();
    const metres = (METRES * 256 * Math.cos((spots.lat[area.spot] * Math.PI) / 180)) / frame.world;
    const [x, y] = [area.at[0] * frame.world - frame.x, area.at[1] * frame.world - frame.y];
    path.arc(x, y, Math.max(3, (area.km * 1000) / metres), 0, 2 * Math.PI);
    return path;
  }

  function colourOf(view, area) {
    const { surest } = summarise(view, { head: area.spot, size: 1 });
    const { colour } = view.scene.layers[view.data.columns.layer[surest]];
    return view.theme === "dark" && colour === INK ? INK_ON_DARK : colour;
  }

  function paintArea(view, context, frame, area) {
    const colour = colourOf(view, area);
    const [west, , east] = area.box;
    for (const copy of gm.copiesOf(frame, west / 360 + 0.5, east / 360 + 0.5)) {
      const path = areaPath(area, view.data.spots, copy);
      context.save();
      context.globalAlpha = 0.6;
      context.fillStyle = hatching(view, context, colour);
      context.fill(path, "evenodd");
      context.globalAlpha = 0.95;
      context.strokeStyle = colour;
      context.lineWidth = 1.8;
      context.setLineDash(area.shape ? [] : [7, 4]);
      context.stroke(path);
      context.restore();
      view.hits.push({ spots: () => [area.spot], path });
    }
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
    const [west, , east] = area.box;
    const room = ((east - west) / 360) * frame.world;
    const x = gm.screenX(frame, area.at[0]);
    // At the foot of a circle, whose middle may be a town with a mark of its own.
    const foot = area.shape ? 0 : Math.max(room / 2, 18);
    const y = gm.screenY(frame, area.at[1]) + foot;
    const count = view.atSpot[area.spot];
    const long = (area.name || "Approximate area") + " · " + count;
    context.font = "600 11px " + gm.FONT;
    const text = context.measureText(long).width < room * 0.9 ? long : "≈ " + count;
    const half = context.measureText(text).width / 2 + 8;
    context.fillStyle = view.colours.plate;
    context.strokeStyle = colourOf(view, area);
    context.lineWidth = 1.8;
    context.beginPath();
    context.roundRect(x - half, y - 9.5, 2 * half, 19, 4);
    context.fill();
    context.stroke();
    context.fillStyle = view.colours.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y + 0.5);
    view.hits.push({ spots: () => [area.spot], x, y, reach: 10, half });
  }

  /* ---- what is where ---- */

  const clusterRadius = (cluster) => (cluster.size > 1 ? wheelRadius(cluster.count) : MARK_RADIUS);

  const clustersIn = (view, frame) => (view.heat ? [] : clustersOf(view, frame));

  function markBoxes(view, frame) {
    return clustersIn(view, frame).map((cluster) => {
      const reach = clusterRadius(cluster) + 2;
      return [cluster.x - reach, cluster.y - reach, cluster.x + reach, cluster.y + reach];
    });
  }

  /* How far right of a town's dot its name stands clear of the mark that covers the dot; null where
     none does. */
  function nameShift(view, frame) {
    const cells = new Map();
    for (const cluster of clustersIn(view, frame)) {
      cells.set(Math.floor(cluster.x / COVER) * 8192 + Math.floor(cluster.y / COVER), cluster);
    }
    return (x, y) => {
      for (let i = -1; i <= 1; i += 1) {
        for (let j = -1; j <= 1; j += 1) {
          const cluster = cells.get((Math.floor(x / COVER) + i) * 8192 + Math.floor(y / COVER) + j);
          if (!cluster) continue;
          const radius = clusterRadius(cluster);
          if (Math.hypot(cluster.x - x, cluster.y - y) < radius + 2) return cluster.x - x + radius + 7;
        }
      }
      return null;
    };
  }

  function hitAt(view, layerPoint) {
    if (!view.frame) return undefined;
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

  Object.assign(gm, { hitAt, markBoxes, nameShift, paintMarks });
})((window.geomapViewer = window.geomapViewer || {}));
