// A curve: one value a depth, as a line that breaks where there is no reading.

import { LogTrack } from "./imagetrack.js";
import { rangeOf } from "./colours.js";
import * as format from "./format.js";
import { fraction, ticks } from "./scales.js";

// About so many lines from the left to the right edge.
const LINES = 5;

export class Kind extends LogTrack {
  static WIDTH = 140;

  mounted() {
    this.restyled();
  }

  restyled() {
    const { unit, statistics } = this.log;
    const [low, high] = this.range;
    const [left, right] = this.head.querySelectorAll(".ends span");
    // A log without values has no range of its own.
    const none = statistics?.count === 0;
    left.textContent = none ? "" : format.value(low, "");
    right.textContent = none ? (unit ?? "") : format.value(high, unit);
    this.bench.redraw([this]);
  }

  /** The values at the left and the right edge. */
  get range() {
    const { spec, log } = this;
    const { range, stretch = "minmax", scale = log.scale } = spec;
    return range ?? rounded(...rangeOf({ stretch }, log), scale === "log");
  }

  draw(context, scale, width) {
    if (!this.under) this.#drawGrid(context, scale, width);
    this.#take(context);
    this.empty = true;
    let down = false;
    context.beginPath();
    for (const tile of this.tiles(scale)) {
      const entry = this.want(tile);
      const shown = this.#nearest(tile);
      down = shown ? this.#trace(context, scale, width, shown, tile, down) : false;
      if (shown) continue;
      this.empty &&= entry.state === "nothing";
      this.failure(context, entry, scale.y(tile.top), width);
    }
    context.stroke();
    if (this.empty) this.note(context, "No values here.", this.under ? 28 : 8, width, "quiet");
  }

  /** Give a context the pen of the curve: dashed where it lies over another one. */
  #take(context) {
    const { under, bench } = this;
    context.setLineDash(under ? [5, 4] : []);
    // A reading between two nulls is a dot.
    const strokeStyle = bench.colours[under ? "text" : "accent"];
    Object.assign(context, { strokeStyle, lineWidth: 1.5, lineCap: "round" });
  }

  /** Draw the line of the head, where it is on the screen. */
  drawPen(context) {
    const { left, right, bottom } = this.head.querySelector(".ends").getBoundingClientRect();
    this.#take(context);
    context.beginPath();
    context.moveTo(left, bottom);
    context.lineTo(right, bottom);
    context.stroke();
  }

  read({ values }) {
    return [format.value(values === null ? NaN : values?.[0], this.log.unit)];
  }

  /** The tile, or until it is there the nearest coarser one: {tile, data}. */
  #nearest(tile) {
    for (let one = tile; one; one = this.grid.parent(one)) {
      const { data } = this.bench.store.peek(this.address(one)[0]) ?? {};
      if (data) return { tile: one, data };
    }
    return null;
  }

  /** Go on with the line by the values of a tile within `part`; whether the pen is down then. */
  #trace(context, scale, width, { tile, data }, part, down) {
    const [low, high] = this.range;
    const { logarithmic } = this;
    const cell = this.grid.cell(tile.level);
    const row = (depth) => (depth - tile.top) / cell;
    const first = Math.max(0, Math.floor(row(Math.max(part.top, scale.top - 2 * cell))));
    const last = Math.min(tile.rows, Math.ceil(row(Math.min(part.base, scale.base + 2 * cell))));
    for (let i = first; i < last; i++) {
      const x = fraction(data.values[i], low, high, logarithmic) * width;
      const y = scale.y(tile.top + (i + 0.5) * cell);
      if (Number.isNaN(x)) down = false;
      else {
        if (!down) context.moveTo(x, y);
        context.lineTo(x, y);
        down = true;
        this.empty = false;
      }
    }
    return down;
  }

  #drawGrid(context, scale, width) {
    const { range, logarithmic } = this;
    const [low, high] = range.toSorted((a, b) => a - b);
    const values = logarithmic ? decades(low, high) : ticks(low, high, LINES).values;
    context.fillStyle = this.bench.colours.line;
    for (const value of values) {
      const x = fraction(value, ...range, logarithmic) * width;
      context.fillRect(Math.round(x), 0, 1, scale.height);
    }
  }
}

/** The range that holds `low` and `high` and ends at round numbers: where lines are, or decades. */
export function rounded(low, high, log) {
  if (log && low > 0) {
    const [first, last] = [low, high].map(Math.log10);
    return [10 ** Math.floor(first + 1e-9), 10 ** Math.ceil(last - 1e-9)];
  }
  const { step } = ticks(low, high, LINES);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** Where a logarithmic axis from `low` > 0 to `high` has lines: 1 to 9 times each power of ten. */
export function decades(low, high) {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first }, (_, i) => 10 ** (first + i));
  // Of many decades only the powers themselves.
  const times = powers.length > 4 ? [1] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return powers.flatMap((power) => times.map((n) => n * power)).filter((v) => v > low * 1.000001 && v < high * 0.999999);
}
