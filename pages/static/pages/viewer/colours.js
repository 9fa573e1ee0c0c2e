// Values to colours. A tile is coloured here, so another range or colormap asks for nothing.

import { fraction, valueAt } from "./scales.js";

// Of a histogram that is made from quantiles.
const BINS = 128;

/**
 * The counts of a log's values from `edge(i)` to `edge(i + 1)`: of each gray, or of physical values,
 * a hundredth of which lies between two quantiles. Unless they are `log`, edges are `low` + i `width`.
 */
export function histogramOf({ histogram, quantiles, minimum, maximum }, log) {
  if (histogram) return { counts: histogram, low: -0.5, width: 1, edge: (i) => i - 0.5 };
  const edge = (i) => Math.min(valueAt(i / BINS, minimum, maximum, log), maximum);
  const upTo = (value) => {
    const i = Math.max(1, quantiles.findIndex((end) => end >= value));
    const [from, to] = quantiles.slice(i - 1, i + 1);
    return to > from ? i - 1 + (value - from) / (to - from) : i;
  };
  const counts = Array.from({ length: BINS }, (_, i) => upTo(edge(i + 1)) - upTo(edge(i)));
  return { counts, low: minimum, width: (maximum - minimum) / BINS || 1, edge };
}

/** The range of values that a style gives the colours: its own, else that of its stretch. */
export function rangeOf(style, log) {
  const { statistics } = log;
  if (style.range) return style.range;
  const grays = log.values !== "float32";
  if (!statistics) return grays ? [0, 255] : [0, 1];
  if (style.stretch === "minmax" || style.stretch === "equalize") {
    return distinct([statistics.minimum ?? 0, statistics.maximum ?? 1]);
  }
  if (grays && style.stretch !== "percentile") return [0, 255];
  const ends = statistics.percentiles;
  return distinct([ends["2"] ?? 0, ends["98"] ?? 1]);
}

function distinct([low, high]) {
  return low < high ? [low, high] : [low, low + 1];
}

/**
 * A function that colours values: (values, pixels out as RGBA). Nulls become transparent.
 *
 * `palette` is 256 RGB triples, `range` the values of both ends.
 */
export function colouring(palette, range, { log = false, equalize = null } = {}) {
  const [low, high] = range;
  const colours = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const [red, green, blue] = palette.subarray(3 * i, 3 * i + 3);
    colours[i] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
  const place = equalize ? equalized(equalize, range) : log && ((v) => fraction(v, low, high, log));
  // No call for each value: the first picture is coloured by code that is not compiled.
  const fill = (values, out) => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const part = place ? place(value) : (value - low) / (high - low);
      if (part > 0) out[i] = part < 1 ? colours[Math.floor(part * 256)] : colours[255];
      else out[i] = Number.isNaN(value) ? 0 : colours[0];
    }
    return out;
  };
  const grays = fill(Uint8Array.from({ length: 256 }, (_, gray) => gray), new Uint32Array(256));
  return (values, pixels) => {
    const out = new Uint32Array(pixels.buffer);
    if (!(values instanceof Uint8Array)) fill(values, out);
    else for (let i = 0; i < values.length; i++) out[i] = grays[values[i]];
  };
}

/** Each value to the part of all values that lie below it, within the range. */
function equalized({ counts, low, width }, range) {
  const upTo = new Float64Array(counts.length + 1);
  counts.forEach((count, i) => (upTo[i + 1] = upTo[i] + count));
  const below = (value) => {
    const bin = (value - low) / width;
    if (!(bin > 0)) return Number.isNaN(bin) ? NaN : 0;
    if (bin >= counts.length) return upTo[counts.length];
    const whole = Math.floor(bin);
    return upTo[whole] + (bin - whole) * counts[whole];
  };
  const [first, last] = range.map(below);
  return (value) => (below(value) - first) / (last - first || 1);
}
