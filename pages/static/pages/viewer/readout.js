// The words for what is under the pointer, or under the cross-hair.

import * as format from "./format.js";
import { azimuthToX } from "./scales.js";
import { whyNot } from "./track.js";

export class Readout {
  // A pixel {x, y} of a track, or null.
  #place = null;

  constructor(bench) {
    Object.assign(this, { bench, output: bench.elements.readout });
    this.line = document.getElementById("cursor");
    bench.margins.push(this);
  }

  read(place) {
    this.#place = place;
    this.#drawLine(place);
    // What is not here yet is asked for when the next frame is drawn.
    if (!place || this.update().includes("…")) this.bench.redraw([this]);
  }

  readCross({ azimuth, depth }) {
    const track = this.bench.imageTrack();
    const width = track?.body.clientWidth;
    const y = this.bench.scale.y(depth);
    if (track) this.read({ track, x: azimuthToX(azimuth, track.turn, width), y, width });
  }

  /** A line at the depth across all tracks. */
  #drawLine(place) {
    const { y = -1 } = place ?? {};
    this.line.hidden = y < 0 || y >= this.bench.scale.height;
    this.line.style.top = `${this.bench.elements.axis.offsetTop + y}px`;
  }

  /** Say it; the words that were said. */
  update() {
    if (!this.#place) return "";
    const { track, y } = this.#place;
    const { scale, unit, tracks } = this.bench;
    const depth = scale.depth(y);
    const others = tracks.filter(({ under }) => under === track);
    const read = (one) => {
      const { values, failed } = one.log ? this.#trace(one, depth) : {};
      const texts = failed ? [failed] : one.read({ ...this.#place, depth, values });
      return others.length ? [[one.title, ...texts].join(" ")] : texts;
    };
    const texts = [track, ...others].flatMap(read);
    const words = [format.depth(depth, unit, scale.perPixel), ...texts].join(" · ");
    if (this.output.textContent !== words) this.output.textContent = words;
    return words;
  }

  /**
   * Of the tile that is on the screen the `values` of the trace at a depth, null where there is none
   * and undefined as yet; or why it has `failed`.
   */
  #trace(track, depth) {
    const { scale, store } = this.bench;
    const [tile] = track.tiles({ top: depth, base: depth, perPixel: scale.perPixel });
    if (!tile) return { values: null };
    const entry = store.want(this, ...track.address(tile, false));
    if (entry.state === "failed") return { failed: whyNot(entry) };
    if (entry.state !== "ready") return { values: entry.state === "nothing" ? null : undefined };
    const { values, width } = entry.data;
    const row = Math.floor((depth - tile.top) / track.grid.cell(tile.level));
    if (row < 0 || row >= tile.rows) return { values: null };
    return { values: values.subarray(row * width, (row + 1) * width) };
  }
}
