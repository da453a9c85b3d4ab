/* Inflates zlib data (RFC 1950 and 1951) for browsers without DecompressionStream. */
(function (gm) {
  "use strict";

  const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
  const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
  const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  const END = 256;

  /* How many codes there are of each length, and their symbols in order. */
  function codesOf(lengths) {
    const counts = new Uint16Array(16);
    for (const length of lengths) counts[length] += 1;
    counts[0] = 0;
    const starts = new Uint16Array(17);
    for (let i = 1; i < 16; i += 1) starts[i + 1] = starts[i] + counts[i];
    const symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => {
      if (length) symbols[starts[length]++] = symbol;
    });
    return { counts, symbols };
  }

  function fixedCodes() {
    const lengths = [];
    for (let i = 0; i < 288; i += 1) lengths.push(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    return [codesOf(lengths), codesOf(new Array(30).fill(5))];
  }

  function bitReader(bytes) {
    let at = 2;
    let held = 0;
    let count = 0;
    const bits = (need) => {
      while (count < need) {
        held |= bytes[at++] << count;
        count += 8;
      }
      const value = held & ((1 << need) - 1);
      held >>>= need;
      count -= need;
      return value;
    };
    const symbol = ({ counts, symbols }) => {
      let code = 0;
      let first = 0;
      let index = 0;
      for (let length = 1; length < 16; length += 1) {
        code |= bits(1);
        if (code - counts[length] < first) return symbols[index + code - first];
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new Error("the packed data is damaged");
    };
    const stored = () => {
      held = count = 0;
      const length = bytes[at] | (bytes[at + 1] << 8);
      at += 4 + length;
      return bytes.subarray(at - length, at);
    };
    return { bits, symbol, stored };
  }

  function readCodes({ bits, symbol }) {
    const [literals, distances, lengths] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const first = new Array(19).fill(0);
    for (let i = 0; i < lengths; i += 1) first[ORDER[i]] = bits(3);
    const code = codesOf(first);
    const all = [];
    while (all.length < literals + distances) {
      const value = symbol(code);
      if (value < 16) all.push(value);
      else {
        const times = value === 16 ? 3 + bits(2) : value === 17 ? 3 + bits(3) : 11 + bits(7);
        const repeated = value === 16 ? all[all.length - 1] : 0;
        for (let i = 0; i < times; i += 1) all.push(repeated);
      }
    }
    return [codesOf(all.slice(0, literals)), codesOf(all.slice(literals))];
  }

  function inflate(bytes) {
    const read = bitReader(bytes);
    let out = new Uint8Array(bytes.length * 6 + 1024);
    let size = 0;
    const room = (more) => {
      if (size + more <= out.length) return;
      const larger = new Uint8Array(2 * out.length + more);
      larger.set(out);
      out = larger;
    };
    for (let last = 0; !last; ) {
      last = read.bits(1);
      const kind = read.bits(2);
      if (kind === 0) {
        const stored = read.stored();
        room(stored.length);
        out.set(stored, size);
        size += stored.length;
        continue;
      }
      const [literals, distances] = kind === 1 ? fixedCodes() : readCodes(read);
      for (let value = read.symbol(literals); value !== END; value = read.symbol(literals)) {
        room(258);
        if (value < END) out[size++] = value;
        else {
          const length = LENGTHS[value - 257] + read.bits(LENGTH_BITS[value - 257]);
          const far = read.symbol(distances);
          const distance = DISTANCES[far] + read.bits(DISTANCE_BITS[far]);
          for (let i = 0; i < length; i += 1, size += 1) out[size] = out[size - distance];
        }
      }
    }
    return out.subarray(0, size);
  }

  gm.inflate = inflate;
})((window.geomapViewer = window.geomapViewer || {}));
