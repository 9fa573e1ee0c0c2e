// A curve: one value a depth, as a line that breaks where there is no reading.

import { LogTrack } from "./imagetrack.js";
import { rangeOf } from "./colours.js";
import * as format from "./format.js";
import { fraction } from "./scales.js";

export class Kind extends LogTrack {
  static WIDTH = 140;

  mounted() {
    this.restyled();
  }

  restyled() {
    const [low, high] = this.range;
    const [left, right] = this.head.querySelectorAll(".ends span");
    left.textContent = format.value(low, "");
    right.textContent = format.value(high, this.log.unit);
    this.bench.redraw([this]);
  }

  /** The values at the left and the right edge. */
  get range() {
    const stretch = this.spec.stretch ?? "minmax";
    return rangeOf({ ...this.spec, stretch }, this.log);
  }

  draw(context, scale, width) {
    this.#drawGrid(context, scale, width);
    // A reading between two nulls is a dot.
    Object.assign(context, { strokeStyle: this.bench.colours.accent, lineWidth: 1.5, lineCap: "round" });
    let down = false;
    context.beginPath();
    for (const tile of this.tiles(scale)) {
      const entry = this.want(tile);
      const shown = this.#nearest(tile);
      down = shown ? this.#trace(context, scale, width, shown, tile, down) : false;
      if (!shown) this.failure(context, entry, scale.y(tile.top), width);
    }
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
    const logarithmic = this.spec.scale === "log";
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
      }
    }
    return down;
  }

  #drawGrid(context, scale, width) {
    const [low, high] = this.range;
    const logarithmic = this.spec.scale === "log" && low > 0;
    const places = logarithmic
      ? decades(low, high).map((value) => fraction(value, low, high, true))
      : [0.25, 0.5, 0.75];
    context.fillStyle = this.bench.colours.line;
    for (const place of places) context.fillRect(Math.round(place * width), 0, 1, scale.height);
  }
}

/** Where a logarithmic axis from `low` > 0 to `high` has lines: 1 to 9 times each power of ten. */
export function decades(low, high) {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first }, (_, i) => 10 ** (first + i));
  // Of many decades only the powers themselves.
  const times = powers.length > 4 ? [1] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return powers.flatMap((power) => times.map((n) => n * power)).filter((v) => v > low * 1.000001 && v < high * 0.999999);
}
