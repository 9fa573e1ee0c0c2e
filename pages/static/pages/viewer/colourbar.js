// The colour bar above an image: its colours, the histogram of the log, and both ends of the range
// to be dragged, or moved by keys.

import { histogramOf } from "./colours.js";
import * as format from "./format.js";
import { fraction, valueAt } from "./scales.js";
import { arrows, dragging, element, prepared } from "./track.js";

const HEIGHT = 34;
const STEP = 0.01;

export class ColourBar {
  constructor(track) {
    this.track = track;
  }

  mount(head) {
    this.element = element("div", "colours");
    this.canvas = element("canvas", "", { "aria-hidden": "true" });
    this.ends = ["Lowest", "Highest"].map((which, i) => this.#end(`${which} colour`, i));
    this.words = element("p", "range");
    this.element.append(this.canvas, ...this.ends);
    head.append(this.element, this.words);
    new ResizeObserver(() => this.element.clientWidth !== this.width && this.update())
      .observe(this.element);
  }

  /** The values at both ends of the bar: all of the log's, and the range's own. */
  get extent() {
    const { statistics } = this.track.log;
    const [low, high] = this.track.range;
    if (!statistics) return [low, high];
    const gray = this.track.log.values !== "float32";
    const all = gray ? [0, 255] : [statistics.minimum, statistics.maximum];
    const least = this.logarithmic && all[0] <= 0 ? low : all[0];
    return [Math.min(least, low), Math.max(all[1], high)];
  }

  get logarithmic() {
    return this.track.spec.scale === "log" && this.track.range[0] > 0;
  }

  update() {
    const { log, spec, range } = this.track;
    this.ends.forEach((end, i) => {
      const [low, high] = this.extent;
      const part = fraction(range[i], low, high, this.logarithmic);
      end.style.left = `${100 * Math.min(Math.max(part, 0), 1)}%`;
      end.hidden = !!spec.window;
      end.setAttribute("aria-valuemin", low);
      end.setAttribute("aria-valuemax", high);
      end.setAttribute("aria-valuenow", range[i]);
      end.setAttribute("aria-valuetext", format.value(range[i], log.unit));
    });
    const ends = range.map((end) => format.value(end, ""));
    this.words.textContent = spec.window
      ? `dynamic, ${spec.window} ${this.track.bench.unit}`
      : `${ends.join(" – ")}${log.unit ? ` ${log.unit}` : ""}`;
    this.#draw();
  }

  #end(label, i) {
    const end = element("div", "end", { role: "slider", tabindex: "0", "aria-label": label });
    const to = (part) => {
      const [low, high] = this.extent;
      this.#set(i, valueAt(Math.min(Math.max(part, 0), 1), low, high, this.logarithmic));
    };
    dragging(end, (event) => {
      const box = this.element.getBoundingClientRect();
      to((event.clientX - box.left) / box.width);
    }, () => this.track.bench.save());
    arrows(end, false, (step) => {
      to(fraction(this.track.range[i], ...this.extent, this.logarithmic) + STEP * step);
      this.track.bench.save();
    });
    return end;
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
    const width = (this.width = this.element.clientWidth);
    this.style = track.style;
    if (!width || !this.style) return;
    const context = prepared(canvas, width, HEIGHT);
    const [low, high] = this.extent;
    this.#drawHistogram(context, width, low, high);
    const strip = new ImageData(width, 1);
    const values = Float64Array.from({ length: width }, (_, x) =>
      valueAt((x + 0.5) / width, low, high, this.logarithmic));
    if (track.spec.window) values.forEach((_, x) => (values[x] = (255 * x) / width));
    this.style.paint(values, strip.data);
    const line = Object.assign(document.createElement("canvas"), { width, height: 1 });
    line.getContext("2d").putImageData(strip, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(line, 0, 22, width, 12);
  }

  #drawHistogram(context, width, low, high) {
    const { statistics } = this.track.log;
    if (!statistics || this.track.spec.window) return;
    const { counts, low: first, width: step } = histogramOf(statistics);
    const heights = new Float64Array(width);
    counts.forEach((count, i) => {
      const from = Math.floor(fraction(first + i * step, low, high, this.logarithmic) * width);
      const to = Math.ceil(fraction(first + (i + 1) * step, low, high, this.logarithmic) * width);
      for (let x = Math.max(from || 0, 0); x < Math.min(to, width); x++) {
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
