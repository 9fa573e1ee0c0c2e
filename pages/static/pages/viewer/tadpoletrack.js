// Tadpoles: the head at the dip, the tail towards the azimuth of the dip (north is up).

import * as format from "./format.js";
import { shownDip } from "./picks.js";
import { Track } from "./track.js";

const RADIUS = 5;
const TAIL = 14;
const STEEPEST = 90;

export class TadpoleTrack extends Track {
  static WIDTH = 140;

  get title() {
    return "Dips";
  }

  mounted() {
    const words = document.createElement("p");
    words.className = "range ends";
    words.append(...["0°", "30°", "60°", "90°"].map((text) => {
      return Object.assign(document.createElement("span"), { textContent: text });
    }));
    this.head.append(words);
  }

  #place(pick, scale, width) {
    const { dip, azimuth, known } = shownDip(pick);
    const x = RADIUS + (dip / STEEPEST) * (width - 2 * RADIUS);
    return { x, y: scale.y(pick.depth), turn: (azimuth * Math.PI) / 180, known };
  }

  draw(context, scale, width) {
    context.fillStyle = this.bench.colours.line;
    for (const dip of [30, 60]) {
      context.fillRect(RADIUS + (dip / STEEPEST) * (width - 2 * RADIUS), 0, 1, scale.height);
    }
    context.lineWidth = 2;
    for (const pick of this.bench.picks.within(scale)) this.#drawOne(context, pick, scale, width);
  }

  #drawOne(context, pick, scale, width) {
    const { x, y, turn, known } = this.#place(pick, scale, width);
    context.strokeStyle = this.bench.picks.colour(pick);
    context.fillStyle = known ? context.strokeStyle : this.bench.colours.page;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + TAIL * Math.sin(turn), y - TAIL * Math.cos(turn));
    context.stroke();
    context.beginPath();
    context.arc(x, y, RADIUS, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    if (pick.id !== this.bench.selected) return;
    context.strokeStyle = this.bench.colours.accent;
    context.beginPath();
    context.arc(x, y, RADIUS + 4, 0, 2 * Math.PI);
    context.stroke();
  }

  /** The pick at a pixel, or undefined. */
  hit(x, y, width) {
    const { scale, picks } = this.bench;
    return picks.within(scale).find((pick) => {
      const place = this.#place(pick, scale, width);
      return Math.hypot(place.x - x, place.y - y) <= RADIUS + 4;
    });
  }

  read(x, depth, width) {
    const { scale } = this.bench;
    const pick = this.hit(x, scale.y(depth), width);
    if (!pick) return { parts: [] };
    const { dip, azimuth, known } = shownDip(pick);
    const words = `${format.angle(dip)} towards ${format.angle(azimuth)}`;
    return { parts: [pick.type, known ? words : `${words} (apparent)`] };
  }
}
