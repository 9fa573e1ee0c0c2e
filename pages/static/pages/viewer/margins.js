// What stands around the walls: the strip of the whole well, the depth axis, and above each image its
// colour bar.

import { colouring, histogramOf, rangeOf } from "./colours.js";
import * as format from "./format.js";
import { painted } from "./pixels.js";
import { clamp, decimalsOf, DepthScale, fraction, ticks, valueAt } from "./scales.js";
import { prepared } from "./track.js";

const BAR_HEIGHT = 34;
// The part of the colour bar that an arrow key moves an end of the range by.
const BAR_STEP = 0.01;

export class DepthAxis {
  constructor(bench, canvas) {
    Object.assign(this, { bench, body: canvas });
  }

  update(scale, { width }) {
    const context = prepared(this.body, width, scale.height);
    const { values, step, decimals } = ticks(scale.top, scale.base, scale.height / 70);
    context.fillStyle = this.bench.colours.text;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "middle";
    const label = (depth) => context.measureText(depth.toFixed(decimals)).width;
    const needed = Math.ceil(Math.max(label(scale.top), label(scale.base))) + 14;
    if (needed > width) this.body.style.width = `${needed}px`;
    for (const depth of values) {
      const y = scale.y(depth);
      context.fillRect(width - 8, Math.round(y), 8, 1);
      if (y > 8 && y < scale.height - 8) context.fillText(depth.toFixed(decimals), width - 11, y);
      for (let i = 1; i < 5; i++) {
        context.fillRect(width - 4, Math.round(scale.y(depth + (i * step) / 5)), 4, 1);
      }
    }
  }
}

/** The strip of the whole well, with the window marked on it. */
export class Overview {
  constructor(bench, element) {
    Object.assign(this, { bench, body: element, canvas: element.querySelector("canvas") });
    const go = (event) => this.#go(event);
    element.grip = { press: go, drag: go };
  }

  scale(height) {
    return DepthScale.on(this.bench.well, height);
  }

  update(shown, { width }) {
    const whole = this.scale(shown.height);
    const context = prepared(this.canvas, width, shown.height);
    const track = this.bench.tracks.find((t) => t.spec.kind === "image");
    if (track) this.#drawLog(context, whole, width, track);
    const { accent } = this.bench.colours;
    const top = Math.max(0, whole.y(shown.top));
    const height = Math.max(4, Math.min(shown.height, whole.y(shown.base)) - top);
    Object.assign(context, { strokeStyle: accent, lineWidth: 3 });
    context.strokeRect(1.5, top + 1.5, width - 3, Math.max(height - 3, 1));
    this.#tell(shown);
  }

  /** The tile of the whole log of a track, and what there is of it. */
  tile(track) {
    const tile = track.grid.tile(track.grid.coarsest, 0);
    return { tile, entry: this.bench.store.want(this, ...track.address(tile, false)) };
  }

  #drawLog(context, whole, width, track) {
    const { tile, entry } = this.tile(track);
    const { style, spec, log } = track;
    const palette = this.bench.palette(this, spec.map);
    if (entry.state !== "ready" || !palette) return;
    const plain = () => ({ key: `whole ${style.key}`, paint: colouring(palette, rangeOf({}, log)) });
    const picture = painted(this.bench.store, this, entry, spec.window ? plain() : style);
    const [y, bottom] = [tile.top, tile.base].map((depth) => whole.y(depth));
    context.drawImage(picture, 0, y, width, bottom - y);
  }

  #tell({ top, base }) {
    const { well, unit } = this.bench;
    const digits = decimalsOf((base - top) / 100);
    Object.assign(this.body, {
      ariaValueMin: well.top,
      ariaValueMax: well.base,
      ariaValueNow: clamp((top + base) / 2, well.top, well.base).toFixed(digits),
      ariaValueText: `${top.toFixed(digits)} to ${base.toFixed(digits)} ${unit}`,
    });
  }

  #go(event) {
    const box = this.body.getBoundingClientRect();
    const depth = this.scale(box.height).depth(event.clientY - box.top);
    this.bench.show(this.bench.scale.centred(depth));
  }
}

/** The colours of an image, the histogram of its log, and both ends of the range. */
export class ColourBar {
  constructor(track) {
    this.track = track;
    this.element = track.head.querySelector(".colours");
    this.words = track.head.querySelector(".range");
    [this.canvas, ...this.ends] = this.element.children;
    this.ends.forEach((end, i) => (end.grip = this.#grip(i)));
    new ResizeObserver(([{ contentRect }]) => {
      this.width = contentRect.width;
      this.update();
    }).observe(this.element);
  }

  /** The values at both ends of the bar: all of the log's, and the range's own. */
  get extent() {
    const { log, spec, range, logarithmic } = this.track;
    if (!log.statistics || spec.window) return range;
    const { minimum, maximum } = log.statistics;
    const [least, most] = log.values === "float32" ? [minimum, maximum] : [0, 255];
    const [low, high] = range;
    return [logarithmic && least <= 0 ? low : Math.min(least, low), Math.max(most, high)];
  }

  /** The part of the bar at which a value is; NaN where it has no place on it. */
  part(value) {
    return fraction(value, ...this.extent, this.track.logarithmic);
  }

  value(part) {
    return valueAt(part, ...this.extent, this.track.logarithmic);
  }

  update() {
    const { log, spec, range, logarithmic } = this.track;
    const [low, high] = this.extent;
    this.ends.forEach((end, i) => {
      end.style.left = `${100 * clamp(this.part(range[i]), 0, 1)}%`;
      end.hidden = !!spec.window;
      Object.assign(end, {
        ariaValueMin: low,
        ariaValueMax: high,
        ariaValueNow: range[i],
        ariaValueText: format.value(range[i], log.unit),
      });
    });
    this.words.textContent = spec.window
      ? `dynamic, ${spec.window} ${this.track.bench.unit}`
      : `${format.value(range[0], "")} – ${format.value(range[1], log.unit)}${logarithmic ? ", log" : ""}`;
    this.#draw();
  }

  #grip(i) {
    const to = (part) => this.#set(i, this.value(clamp(part, 0, 1)));
    return {
      drag: ({ clientX }) => {
        const { left, width } = this.element.getBoundingClientRect();
        to((clientX - left) / width);
      },
      step: (by) => to(this.part(this.track.range[i]) + BAR_STEP * by),
    };
  }

  #set(i, value) {
    const range = [...this.track.range];
    range[i] = value;
    if (!(range[0] < range[1])) return;
    this.track.spec.range = range;
    this.track.restyled();
  }

  #draw() {
    const { track, canvas } = this;
    const width = Math.round(this.width);
    this.style = track.style;
    if (!width || !this.style) return;
    const context = prepared(canvas, width, BAR_HEIGHT);
    this.#drawHistogram(context, width);
    const strip = new ImageData(width, 1);
    this.style.paint(Float64Array.from({ length: width }, (_, x) => this.value((x + 0.5) / width)), strip.data);
    const line = Object.assign(document.createElement("canvas"), { width, height: 1 });
    line.getContext("2d").putImageData(strip, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(line, 0, 22, width, 12);
  }

  #drawHistogram(context, width) {
    const { log, spec, logarithmic } = this.track;
    if (!log.statistics || spec.window) return;
    const { counts, edge } = histogramOf(log.statistics, logarithmic);
    const heights = new Float64Array(width);
    counts.forEach((count, i) => {
      const [from, to] = [edge(i), edge(i + 1)].map((value) => this.part(value) * width);
      for (let x = Math.max(Math.floor(from) || 0, 0); x < Math.min(to, width); x++) {
        heights[x] = Math.max(heights[x], count);
      }
    });
    const most = Math.max(...heights, 1);
    context.fillStyle = this.track.bench.colours.quiet;
    heights.forEach((height, x) => {
      const up = Math.ceil(20 * Math.sqrt(height / most));
      context.fillRect(x, 21 - up, 1, up);
    });
  }
}
