// The words for what is under the pointer, or under the cross-hair.

import * as format from "./format.js";
import { azimuthToX } from "./scales.js";

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
