// A track: a column of the page with a head and a canvas.

import { clamp } from "./scales.js";

const STEP = 20;

/**
 * A kind of track has a `title`, may have more in its head once `mounted`, can `draw` a window, and
 * can `read` the texts for a pixel {x, y, width}, its `depth`, and of a log the `values` there.
 */
export class Track {
  constructor(bench, spec) {
    this.bench = bench;
    this.spec = spec;
  }

  get width() {
    return this.spec.width ?? this.constructor.WIDTH;
  }

  mount(before) {
    this.element = copied("track").firstElementChild;
    [this.head, this.body, this.edge] = this.element.children;
    [this.name] = this.head.children;
    [this.canvas] = this.body.children;
    this.head.append(copied(`${this.spec.kind}-head`));
    this.name.textContent = this.title;
    this.element.ariaLabel = this.title;
    this.body.ariaLabel = `Window of ${this.title}`;
    this.edge.ariaLabel = `Width of ${this.title}`;
    this.element.track = this;
    this.place(before);
    this.edge.grip = {
      drag: ({ clientX }, start) => this.resize((start.width ??= this.width) + clientX - start.x),
      step: (by) => this.resize(this.width + STEP * by),
    };
    this.widen();
    this.mounted();
  }

  mounted() {}

  /** Stand behind the track `before`; a curve may lie over it. */
  place(before) {
    const { over, kind } = this.spec;
    this.under = over && kind === "curve" && before?.spec.kind === kind && !before.under && before;
    (this.under?.element ?? this.bench.elements.tracks).append(this.element);
  }

  unmount() {
    this.element.remove();
  }

  resize(width) {
    const { ariaValueMin: narrowest, ariaValueMax: widest } = this.edge;
    this.spec.width = Math.round(clamp(width, narrowest, widest));
    this.widen();
    this.bench.redraw([this]);
  }

  widen() {
    this.element.style.width = `${this.width}px`;
    this.edge.ariaValueNow = this.width;
  }

  /** Draw the window of `scale`, if any of the track, whose wall is `box`, is on the screen. */
  update(scale, box) {
    if (box.right < 0 || box.left > innerWidth) return;
    this.context = prepared(this.canvas, box.width, scale.height);
    this.prepare();
    this.draw(this.context, scale, box.width);
  }

  /** Ask for what is needed before anything can be drawn. */
  prepare() {}

  /** What the screen shows of what has not come: words, where it failed. */
  failure(context, entry, y, width) {
    if (entry.state !== "failed") return;
    this.note(context, whyNot(entry), Math.max(y, 0) + 8, width, "bad");
  }

  /** Words in the place of what is not there; a coarser image may be behind them. */
  note(context, text, y, width, colour) {
    const { colours } = this.bench;
    context.font = "13px system-ui, sans-serif";
    context.textBaseline = "top";
    let line = "";
    for (const word of [...text.split(" "), null]) {
      if (word === null || context.measureText(`${line} ${word}`).width > width - 12) {
        context.fillStyle = colours.page;
        context.fillRect(0, y - 2, context.measureText(line).width + 12, 17);
        context.fillStyle = colours[colour];
        context.fillText(line, 6, y);
        [line, y] = [word ?? "", y + 17];
      } else {
        line = line ? `${line} ${word}` : word;
      }
    }
  }
}

/** What a template of the page holds. */
export function copied(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** Why there is nothing of a log. */
export function whyNot({ gone, retryAt, error }) {
  const again = retryAt < Infinity ? "; trying again" : "";
  return gone ? "This log has been deleted." : `Not loaded: ${error}${again}.`;
}

/** The context of an empty canvas of so many pixels of the page. */
export function prepared(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [across, down] = [width * ratio, height * ratio].map(Math.round);
  if (canvas.width !== across || canvas.height !== down) {
    Object.assign(canvas, { width: across, height: down });
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
