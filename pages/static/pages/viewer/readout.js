// The words for what is under the pointer, or under the cross-hair.

import * as format from "./format.js";
import { azimuthToX } from "./scales.js";

export class Readout {
  // A pixel {x, y} of a track, or null.
  #place = null;

  constructor(bench) {
    Object.assign(this, { bench, output: bench.elements.readout });
    bench.margins.push(this);
  }

  read(place) {
    this.#place = place;
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
    if (!this.#place) return "";
    const { track, x, y, width } = this.#place;
    const { scale, unit } = this.bench;
    const depth = scale.depth(y);
    const values = track.log && this.#values(track, depth);
    const texts = track.read({ x, y, width, depth, values });
    const words = [format.depth(depth, unit, scale.perPixel), ...texts].join(" · ");
    if (this.output.textContent !== words) this.output.textContent = words;
    return words;
  }

  /** The trace at a depth in the tile that is on the screen; null where none is, undefined as yet. */
  #values(track, depth) {
    const { scale, store } = this.bench;
    const [tile] = track.tiles({ top: depth, base: depth, perPixel: scale.perPixel });
    if (!tile) return null;
    const entry = store.want(this, ...track.address(tile, false));
    if (entry.state !== "ready") return entry.state === "nothing" ? null : undefined;
    const { values, width } = entry.data;
    const row = Math.floor((depth - tile.top) / track.grid.cell(tile.level));
    if (row < 0 || row >= tile.rows) return null;
    return values.subarray(row * width, (row + 1) * width);
  }
}
