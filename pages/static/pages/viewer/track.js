// A track: a column of the page with a head and a canvas. Kinds of tracks say what is drawn.

const STEP = 20;
export const NARROWEST = 60;
export const WIDEST = 1200;

export class Track {
  constructor(bench, spec) {
    this.bench = bench;
    this.spec = spec;
  }

  get width() {
    return this.spec.width ?? this.constructor.WIDTH;
  }

  get title() {
    return "";
  }

  mount(parent) {
    this.element = element("section", "track", { "aria-label": this.title });
    this.head = element("header", "head");
    this.name = element("button", "name", { type: "button", draggable: "true" });
    this.name.textContent = this.title;
    this.name.title = "Settings; drag, or Alt+arrow keys, to move the track";
    this.body = element("div", "body", { tabindex: "0", role: "group" });
    this.canvas = element("canvas", "wall", { "aria-hidden": "true" });
    this.edge = element("div", "edge", {
      role: "separator",
      tabindex: "0",
      "aria-orientation": "vertical",
      "aria-label": `Width of ${this.title}`,
      "aria-valuemin": NARROWEST,
      "aria-valuemax": WIDEST,
    });
    this.head.append(this.name);
    this.body.append(this.canvas);
    this.element.append(this.head, this.body, this.edge);
    parent.append(this.element);
    this.element.track = this;
    this.edge.grip = {
      drag: ({ clientX }, start) => this.resize((start.width ??= this.width) + clientX - start.x),
      step: (by) => this.resize(this.width + STEP * by),
    };
    this.#widen(this.width);
    this.mounted();
  }

  /** For kinds that add to the head or begin to load. */
  mounted() {}

  unmount() {
    this.element.remove();
  }

  resize(width) {
    this.spec.width = Math.round(Math.min(Math.max(width, NARROWEST), WIDEST));
    this.#widen(this.spec.width);
    this.bench.redraw([this]);
  }

  #widen(width) {
    this.element.style.width = `${width}px`;
    set(this.edge, { "aria-valuenow": width });
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

  draw() {}

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

  /** The texts for a pixel {x, y, width}, its `depth`, and of a log the `values` of the trace there. */
  read() {
    return [];
  }
}

/** An element with its classes and attributes. */
export function element(tag, classes = "", attributes = {}) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  set(made, attributes);
  return made;
}

export function set(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
}

/** Words along the scale of a track. */
export function ends(...words) {
  return words.map((textContent) => Object.assign(element("span"), { textContent }));
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
