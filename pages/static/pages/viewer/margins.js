// What stands around the tracks: the strip of the whole well, the depth axis, the read-out.

import { colouring, rangeOf } from "./colours.js";
import * as format from "./format.js";
import { azimuthToX, decimalsOf, DepthScale, ticks } from "./scales.js";
import { dragging, prepared } from "./track.js";

export class DepthAxis {
  constructor(bench, canvas) {
    Object.assign(this, { bench, canvas });
  }

  update(scale) {
    const width = this.canvas.clientWidth;
    const context = prepared(this.canvas, width, scale.height);
    const { values, step, decimals } = ticks(scale.top, scale.base, scale.height / 70);
    context.fillStyle = this.bench.colours.text;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "right";
    context.textBaseline = "middle";
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
    Object.assign(this, { bench, element, canvas: element.querySelector("canvas") });
    dragging(element, (event) => this.#go(event));
    element.addEventListener("click", (event) => this.#go(event));
    element.addEventListener("pointerup", () => bench.save());
  }

  scale(height) {
    return DepthScale.on(this.bench.limits, height);
  }

  update(shown) {
    const width = this.element.clientWidth;
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

  #drawLog(context, whole, width, track) {
    const tile = track.grid.tile(track.grid.coarsest, 0);
    const entry = this.bench.store.want(this, ...track.address(tile, false));
    const palette = this.bench.palette(this, track.spec.map);
    if (entry.state !== "ready" || !palette) return;
    const range = track.spec.window ? rangeOf({}, track.log) : track.range;
    const key = `overview ${track.spec.map} ${range}`;
    if (this.style?.key !== key) this.style = { key, paint: colouring(palette, range) };
    const picture = this.bench.painter.painted(this, entry, this.style);
    const [y, bottom] = [tile.top, tile.base].map((depth) => whole.y(depth));
    context.drawImage(picture, 0, y, width, bottom - y);
  }

  #tell({ top, base }) {
    const { limits, unit } = this.bench;
    const digits = decimalsOf((base - top) / 100);
    const set = (name, value) => this.element.setAttribute(`aria-${name}`, value);
    set("valuemin", limits.top);
    set("valuemax", limits.base);
    set("valuenow", Math.min(Math.max((top + base) / 2, limits.top), limits.base).toFixed(digits));
    set("valuetext", `${top.toFixed(digits)} to ${base.toFixed(digits)} ${unit}`);
  }

  #go(event) {
    const box = this.element.getBoundingClientRect();
    const depth = this.scale(box.height).depth(event.clientY - box.top);
    this.bench.show(this.bench.scale.centred(depth));
  }
}

/** The words for what is under the pointer, or under the cross-hair. */
export class Readout {
  constructor(bench, output) {
    Object.assign(this, { bench, output, place: null });
  }

  /** `place` is a pixel {x, y} of a track, or null. */
  read(place) {
    this.place = place;
    // What is not here yet is asked for when the next frame is drawn.
    if (!place || this.update().includes("…")) this.bench.redraw([this]);
  }

  readCross({ azimuth, depth }) {
    const track = this.bench.imageTrack();
    const width = track?.body.clientWidth;
    const y = this.bench.scale.y(depth);
    if (track) this.read({ track, x: azimuthToX(azimuth, track.turn, width), y, width });
  }

  /** Say it; the words that were said. */
  update() {
    if (!this.place) return "";
    const { track, x, y, width } = this.place;
    const { scale, unit } = this.bench;
    const depth = scale.depth(y);
    const { parts } = track.read(x, depth, width);
    const words = [format.depth(depth, unit, scale.perPixel), ...parts].join(" · ");
    if (this.output.textContent !== words) this.output.textContent = words;
    return words;
  }
}
