// Rose and stereonet of the window, as the service draws them, with the poles to be chosen.

import { send } from "./api.js";

const WAIT = 400;
const RADIANS = Math.PI / 180;
const SVG = "http://www.w3.org/2000/svg";

/** The pole of a plane in the lower hemisphere, equal area, on a circle of radius 1: {x, y}. */
export function pole({ true_dip: dip, true_azimuth: azimuth }) {
  // The pole plunges 90 - dip, away from the dip (Lambert's projection, scaled to the circle).
  const radius = Math.SQRT2 * Math.sin((dip / 2) * RADIANS);
  const trend = (azimuth + 180) * RADIANS;
  return { x: radius * Math.sin(trend), y: -radius * Math.cos(trend) };
}

export class Diagrams {
  #timer = null;
  #tags = new Map();

  constructor(bench, aside) {
    Object.assign(this, { bench, images: [...aside.querySelectorAll("img[data-diagram]")] });
    this.poles = aside.querySelector("svg.poles");
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.update(), WAIT);
    };
    for (const what of ["picks", "window"]) bench.on(what, later);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
  }

  async update() {
    const { scale, picks, well } = this.bench;
    const shown = picks.all.filter((p) => p.depth >= scale.top && p.depth <= scale.base);
    this.#drawPoles(shown.filter((pick) => pick.true_dip !== null));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const query = { well: well.id, min: scale.top, max: scale.base, theme: dark ? "dark" : "light" };
    await Promise.all(this.images.map((image) => this.#load(image, query)));
  }

  async #load(image, query) {
    const { diagram } = image.dataset;
    const url = `/dips/${diagram}.svg?${new URLSearchParams(query)}`;
    const words = image.closest("figure").querySelector("figcaption");
    try {
      const response = await send("GET", url, { cache: "no-cache" });
      const tag = response.headers.get("ETag");
      if (tag && this.#tags.get(image) === tag) return;
      this.#tags.set(image, tag);
      const before = image.src;
      image.src = URL.createObjectURL(await response.blob());
      image.hidden = false;
      if (before.startsWith("blob:")) URL.revokeObjectURL(before);
      words.textContent = words.dataset.words;
    } catch (error) {
      image.hidden = true;
      words.textContent = `${words.dataset.words}: ${error.message}`;
    }
  }

  /** Circles over the stereonet that can be clicked; rows of the table do the same by keys. */
  #drawPoles(picks) {
    this.poles.replaceChildren(...picks.map((pick) => {
      const circle = document.createElementNS(SVG, "circle");
      const { x, y } = pole(pick);
      const chosen = pick.id === this.bench.selected;
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: chosen ? 0.06 : 0.045 })) {
        circle.setAttribute(name, value);
      }
      circle.setAttribute("class", chosen ? "chosen" : "");
      circle.dataset.id = pick.id;
      circle.addEventListener("click", () => this.bench.select(pick.id));
      return circle;
    }));
  }
}
