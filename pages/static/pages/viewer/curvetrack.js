// A curve: one value a depth, as a line that breaks where there is no reading.

import { LogTrack } from "./imagetrack.js";
import { rangeOf } from "./colours.js";
import * as format from "./format.js";
import { fraction } from "./scales.js";
import { element } from "./track.js";

export class CurveTrack extends LogTrack {
  static WIDTH = 140;

  mounted() {
    this.words = element("p", "range ends");
    this.head.append(this.words);
    this.restyled();
  }

  described() {
    this.restyled();
  }

  restyled() {
    const [low, high] = this.range;
    const unit = this.log.unit ? ` ${this.log.unit}` : "";
    this.words.replaceChildren(...[low, high].map((end, i) => {
      const span = document.createElement("span");
      span.textContent = `${format.value(end, "")}${i ? unit : ""}`;
      return span;
    }));
    this.bench.redraw([this]);
  }

  /** The values at the left and the right edge. */
  get range() {
    const stretch = this.spec.stretch ?? "minmax";
    return rangeOf({ ...this.spec, stretch }, this.log);
  }

  draw(context, scale, width) {
    this.#drawGrid(context, scale, width);
    context.strokeStyle = this.bench.colours.accent;
    context.lineWidth = 1.5;
    const level = this.grid.level(scale.perPixel / (devicePixelRatio || 1));
    const points = [];
    for (const tile of this.grid.tiles(scale.top, scale.base, level)) {
      const entry = this.want(tile);
      if (entry.state === "ready") this.#collect(points, tile, entry.data);
      else this.failure(context, entry, scale.y(tile.top), width);
    }
    this.#drawLine(context, scale, width, points);
  }

  read(x, depth) {
    const values = this.values(depth);
    return { parts: [values === null ? "no reading" : format.value(values?.[0], this.log.unit)] };
  }

  #collect(points, tile, { values, filled }) {
    const cell = this.grid.cell(tile.level);
    for (let row = 0; row < tile.rows; row++) {
      const value = filled?.[row] === false ? NaN : values[row];
      points.push([tile.top + (row + 0.5) * cell, value]);
    }
  }

  #drawLine(context, scale, width, points) {
    const [low, high] = this.range;
    const logarithmic = this.spec.scale === "log";
    const above = scale.top - scale.span * 0.05;
    const below = scale.base + scale.span * 0.05;
    let pen = false;
    context.beginPath();
    for (const [depth, value] of points) {
      if (depth < above || depth > below) continue;
      const x = fraction(value, low, high, logarithmic) * width;
      if (Number.isNaN(x)) pen = false;
      else {
        context[pen ? "lineTo" : "moveTo"](x, scale.y(depth));
        pen = true;
      }
    }
    context.stroke();
  }

  #drawGrid(context, scale, width) {
    context.fillStyle = this.bench.colours.line;
    for (let i = 1; i < 4; i++) context.fillRect(Math.round((i * width) / 4), 0, 1, scale.height);
  }
}
