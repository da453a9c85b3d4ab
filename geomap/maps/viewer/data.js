/* Reads the data block (geomap.scene/3): columns into typed arrays, texts chunk by chunk. */
(function (gm) {
  "use strict";

  function bytesOf(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
    return bytes;
  }

  const isPacked = (value) => Boolean(value) && typeof value.deflate === "string";

  async function unpacked(value) {
    if (!isPacked(value)) return value;
    const bytes = bytesOf(value.deflate);
    if (typeof DecompressionStream === "undefined") {
      return JSON.parse(new TextDecoder().decode(gm.inflate(bytes)));
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  }

  /* Large members of a scene travel deflated in base64. */
  async function readScene(block) {
    const scene = JSON.parse(block.textContent);
    const members = Object.entries(scene).map(async ([key, value]) => [key, await unpacked(value)]);
    return Object.fromEntries(await Promise.all(members));
  }

  /* The first source of each mark, and behind the last one their number. */
  function startsOf(counts) {
    const starts = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i += 1) starts[i + 1] = starts[i] + counts[i];
    return starts;
  }

  /* The marks of each spot, in their order: those of spot s stand from starts[s] to starts[s + 1]. */
  function marksBySpot(spot, spots) {
    const counts = new Uint32Array(spots);
    for (const s of spot) if (s >= 0) counts[s] += 1;
    const starts = startsOf(counts);
    const at = starts.slice();
    const marks = new Uint32Array(starts[spots]);
    spot.forEach((s, i) => {
      if (s >= 0) marks[at[s]++] = i;
    });
    return { starts, marks };
  }

  /* Positions in degrees, and in Web Mercator as a share of the world's width. */
  function spotsOf(scene) {
    const { lat, lon } = scene.columns;
    const count = lat.length;
    const spots = {
      count,
      lat: new Float64Array(count),
      lon: new Float64Array(count),
      x: new Float64Array(count),
      y: new Float64Array(count),
      area: new Int32Array(count).fill(-1),
    };
    for (let s = 0; s < count; s += 1) {
      spots.lat[s] = lat[s] / scene.positionScale;
      spots.lon[s] = lon[s] / scene.positionScale;
      [spots.x[s], spots.y[s]] = gm.mercator(spots.lat[s], spots.lon[s]);
    }
    scene.areas.forEach((area, index) => {
      spots.area[area.spot] = index;
      area.at = [spots.x[area.spot], spots.y[area.spot]];
      area.shape = area.polygons && gm.projectedPolygons(area.polygons, scene.scale);
    });
    return spots;
  }

  /* Numbers that are written as steps from one to the next, added up in place. */
  function summed(steps) {
    for (let i = 1; i < steps.length; i += 1) steps[i] += steps[i - 1];
    return steps;
  }

  function columnsOf(scene) {
    const { columns } = scene;
    const first = Int32Array.from(columns.first);
    const columnsRead = {
      layer: Uint8Array.from(columns.layer),
      type: Uint16Array.from(columns.type),
      status: Uint8Array.from(columns.status),
      precision: Uint8Array.from(columns.precision),
      spot: summed(Int32Array.from(columns.spot)),
      placed: Uint8Array.from(columns.placed),
      first,
      last: Int32Array.from(columns.last, (after, i) => first[i] + after),
      killed: Int32Array.from(columns.killed),
      injured: Int32Array.from(columns.injured),
      outlet: Uint32Array.from(columns.outlet),
    };
    return { ...columnsRead, source: startsOf(columns.sources) };
  }

  /* ---- texts ---- */

  const STEPPED = {
    marks: ["title", "date", "phrase", "place", "within", "country", "casualties"],
    sources: ["title", "url", "published", "language", "quote", "said", "status", "basis"],
  };

  /* Columns of steps become columns of numbers; one of equal steps was written as its start and that step. */
  function opened(chunk, rows) {
    for (const [part, names] of Object.entries(STEPPED)) {
      for (const name of names) {
        const column = chunk[part][name];
        chunk[part][name] = Array.isArray(column)
          ? summed(column)
          : Array.from({ length: rows[part] }, (_, i) => column.from + i * column.by);
      }
    }
    if (!Array.isArray(chunk.ids)) chunk.ids.bytes = bytesOf(chunk.ids.bytes);
    return chunk;
  }

  /* Ids that are digests of one length were written as bytes. */
  function idOf(ids, row) {
    if (Array.isArray(ids)) return ids[row];
    const wide = ids.length / 2;
    return Array.from(ids.bytes.subarray(row * wide, (row + 1) * wide), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const cell = (column, row) => (Array.isArray(column) ? column[row] : column.all);

  function quotePieces(text, marks) {
    const pieces = [];
    let at = 0;
    for (let i = 0; i < marks.length; i += 3) {
      const [start, length, kind] = marks.slice(i, i + 3);
      if (start > at) pieces.push(["text", text.slice(at, start)]);
      pieces.push([kind === 1 ? "trigger" : "place", text.slice(start, start + length)]);
      at = start + length;
    }
    if (at < text.length) pieces.push(["text", text.slice(at)]);
    return pieces;
  }

  class Texts {
    constructor(scene, columns) {
      this.size = scene.chunk;
      this.packed = scene.texts;
      this.columns = columns;
      this.outlets = scene.outlets;
      this.opened = scene.texts.map((chunk, number) => (isPacked(chunk) ? null : this.ready(chunk, number)));
      this.waiting = new Map();
    }

    ready(chunk, number) {
      const from = number * this.size;
      const until = Math.min(from + this.size, this.columns.layer.length);
      const { source } = this.columns;
      return opened(chunk, { marks: until - from, sources: source[until] - source[from] });
    }

    async open(number) {
      if (this.opened[number]) return;
      if (!this.waiting.has(number)) {
        this.waiting.set(number, unpacked(this.packed[number]).then((chunk) => {
          this.opened[number] = this.ready(chunk, number);
          this.packed[number] = null;
        }));
      }
      await this.waiting.get(number);
    }

    /* Resolves once the texts of some marks can be read. */
    async need(marks) {
      const missing = new Set();
      for (const i of marks) {
        const number = Math.floor(i / this.size);
        if (!this.opened[number]) missing.add(number);
      }
      for (const number of missing) await this.open(number);
    }

    async needAll() {
      for (let number = 0; number < this.opened.length; number += 1) await this.open(number);
    }

    get complete() {
      return this.opened.every(Boolean);
    }

    id(i) {
      return idOf(this.opened[Math.floor(i / this.size)].ids, i % this.size);
    }

    text(i, name) {
      const chunk = this.opened[Math.floor(i / this.size)];
      return chunk.strings[cell(chunk.marks[name], i % this.size)];
    }

    source(i, s) {
      const number = Math.floor(i / this.size);
      const { strings, sources } = this.opened[number];
      const row = s - this.columns.source[number * this.size];
      const text = (name) => strings[cell(sources[name], row)];
      return {
        outlet: this.outlets[this.columns.outlet[s]],
        title: text("title"),
        url: text("url"),
        published: text("published"),
        language: text("language"),
        quote: quotePieces(text("quote"), cell(sources.marks, row)),
        said: text("said"),
        status: text("status"),
        basis: text("basis"),
      };
    }

    sources(i) {
      const out = [];
      for (let s = this.columns.source[i]; s < this.columns.source[i + 1]; s += 1) {
        out.push(this.source(i, s));
      }
      return out;
    }

    list(i, name) {
      const chunk = this.opened[Math.floor(i / this.size)];
      return cell(chunk.marks[name], i % this.size).map((number) => chunk.strings[number]);
    }

    numbers(i, name) {
      const chunk = this.opened[Math.floor(i / this.size)];
      return cell(chunk.marks[name], i % this.size);
    }
  }

  /* Ready what is read over and over; the scene's own lists are let go. */
  function prepare(scene) {
    const columns = columnsOf(scene);
    const spots = spotsOf(scene);
    const data = {
      count: scene.count,
      columns,
      spots,
      bySpot: marksBySpot(columns.spot, spots.count),
      texts: new Texts(scene, columns),
      basemap: gm.readBasemap(scene),
    };
    delete scene.columns;
    delete scene.texts;
    delete scene.basemap;
    return data;
  }

  Object.assign(gm, { cell, prepare, readScene });
})((window.geomapViewer = window.geomapViewer || {}));
