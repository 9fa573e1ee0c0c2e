// The picks of the window beside the tracks: a table, and rose and stereonet as the service draws
// them, with the poles to be chosen.

import * as format from "./format.js";
import { shownDip } from "./picks.js";
import { RADIANS } from "./scales.js";
import { getJson, send } from "./service.js";
import { copied } from "./track.js";
import { TypeFilter, typesShown } from "./typefilter.js";

const WAIT = 400;
// Pixels; a legend would have no room.
const SIZE = { width: 230, height: 230 };
// Pixels of the head of the table, which stays in sight.
const HEADER = 28;
const SVG = "http://www.w3.org/2000/svg";

/**
 * The pole of a plane in the lower hemisphere on a circle of radius 1: {x, y}. Equal area: Lambert's
 * projection, as Fisher, Lewis and Embleton (1987), chapter 3.3, have it.
 */
export function pole({ true_dip: dip, true_azimuth: azimuth }) {
  const radius = Math.SQRT2 * Math.sin((dip / 2) * RADIANS);
  const trend = (azimuth + 180) * RADIANS;
  return { x: radius * Math.sin(trend), y: -radius * Math.cos(trend) };
}

/** The statistics of an interval in words, as GET /dips/statistics has them. */
function summary({ mean, spacing_mean: spacing, p10, depth_unit: unit }) {
  const short = (number) => Number(number.toPrecision(3));
  const words = [];
  if (mean) words.push(`Mean plane ${format.plane(mean.dip, mean.azimuth)}`);
  if (mean?.concentration) words.push(`Fisher κ ${short(mean.concentration)}`);
  if (mean?.confidence) words.push(`α95 ${format.angle(mean.confidence)}`);
  if (spacing) words.push(`mean spacing ${short(spacing)} ${unit ?? ""}`.trim());
  if (p10) words.push(`P10 ${short(p10)}${unit ? ` per ${unit}` : ""}`);
  return words.join(" · ");
}

/** The table; each row selects its pick. */
export class Table {
  constructor(bench, aside) {
    Object.assign(this, { bench, rows: aside.querySelector("table.picks tbody") });
    this.count = aside.querySelector(".count");
    this.none = this.rows.firstElementChild;
    this.scroller = aside.querySelector(".scrolled");
    for (const what of ["picks", "window"]) bench.on(what, () => this.#later());
    this.#later();
    this.types = new TypeFilter(bench, aside);
  }

  /** Once a frame at most. */
  #later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#fill(this.bench.picks.within(this.bench.scale));
    });
  }

  #fill(picks) {
    const { bench, rows } = this;
    const focused = rows.contains(document.activeElement) && document.activeElement.dataset.id;
    rows.replaceChildren(...picks.map((pick) => this.#row(pick)), ...(picks.length ? [] : [this.none]));
    if (focused) rows.querySelector(`[data-id="${focused}"]`)?.focus();
    if (bench.selected !== this.selected) this.#reveal(rows.querySelector("tr.selected"));
    this.selected = bench.selected;
    const more = bench.picks.total > bench.picks.all.length;
    const words = more ? `; the first ${bench.picks.all.length} of ${bench.picks.total}` : "";
    const inside = picks.filter((pick) => bench.scale.holds(pick.depth)).length;
    const others = picks.length - inside ? `, ${picks.length - inside} reaching into it` : "";
    this.count.textContent = `${inside} in the window${others}${words}`;
  }

  /** Scroll to the row of a pick that has just been selected, where the table scrolls by itself. */
  #reveal(row) {
    const { scroller } = this;
    if (!row || scroller.scrollHeight <= scroller.clientHeight) return;
    const [box, seen] = [row, scroller].map((one) => one.getBoundingClientRect());
    const above = seen.top + HEADER - box.top;
    scroller.scrollTop += above > 0 ? -above : Math.max(0, box.bottom - seen.bottom);
  }

  #row(pick) {
    const row = copied("pick-row").firstElementChild;
    const [button, type, ...angles] = row.querySelectorAll("button, span");
    const chosen = pick.id === this.bench.selected;
    row.classList.toggle("selected", chosen);
    button.dataset.id = pick.id;
    button.textContent = format.depth(pick.depth, "");
    button.setAttribute("aria-pressed", chosen);
    type.textContent = this.bench.page.types.find((one) => one.name === pick.type)?.label ?? "";
    type.style.borderColor = this.bench.picks.colour(pick);
    const { dip, azimuth, known } = shownDip(pick);
    angles[0].textContent = `${format.angle(dip)}${known ? "" : " *"}`;
    angles[1].textContent = format.angle(azimuth);
    row.addEventListener("click", () => this.bench.select(pick.id));
    return row;
  }
}

export class Diagrams {
  #timer = null;
  #tags = new Map();

  constructor(bench, aside) {
    Object.assign(this, { bench, images: [...aside.querySelectorAll("img[data-diagram]")] });
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.poles = aside.querySelector("svg.poles");
    this.statistics = aside.querySelector(".statistics");
    this.net = this.poles.firstElementChild;
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.update(), WAIT);
    };
    for (const what of ["picks", "window"]) bench.on(what, later);
    this.dark.addEventListener("change", later);
    later();
  }

  async update() {
    const { scale, picks, well } = this.bench;
    // Answers for a window that was left would come over those for this one.
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    const shown = picks.shown.filter((pick) => scale.holds(pick.depth));
    this.#drawPoles(shown.filter((pick) => pick.true_dip !== null));
    const theme = this.dark.matches ? "dark" : "light";
    const window = { well: well.id, min: scale.top, max: scale.base, ...typesShown(this.bench) };
    const query = { ...window, theme, ...SIZE };
    const images = this.images.map((image) => this.#load(image, query, signal));
    await Promise.all([this.#summarize(window, signal), ...images]);
  }

  async #summarize(query, signal) {
    const { statistics } = this;
    try {
      const url = `/dips/statistics?${new URLSearchParams(query)}`;
      statistics.textContent = summary(await getJson(url, { signal }));
    } catch (error) {
      if (!signal.aborted) statistics.textContent = `Statistics: ${error.message}`;
    }
  }

  async #load(image, query, signal) {
    const { diagram } = image.dataset;
    const url = `/dips/${diagram}.svg?${new URLSearchParams(query)}`;
    const words = image.closest("figure").querySelector("figcaption");
    try {
      const response = await send("GET", url, { cache: "no-cache", signal });
      const tag = response.headers.get("ETag");
      if (tag && this.#tags.get(image) === tag) return;
      const blob = await response.blob();
      this.#tags.set(image, tag);
      const before = image.src;
      image.src = URL.createObjectURL(blob);
      if (diagram === "stereonet") this.#lieOver(await blob.text());
      image.hidden = false;
      if (before.startsWith("blob:")) URL.revokeObjectURL(before);
      words.textContent = words.dataset.words;
    } catch (error) {
      if (signal.aborted) return;
      image.hidden = true;
      words.textContent = `${words.dataset.words}: ${error.message}`;
    }
  }

  /** Find the circle of the net, the first line of it, and lay the poles over it. */
  #lieOver(text) {
    // Not parsed as XML: the policy of the page would be applied to the styles in it.
    const line = /id="line2d[^]*?<path[^>]* d="([^"]*)"/.exec(text)[1];
    const numbers = line.match(/-?[\d.]+/g).map(Number);
    const [xs, ys] = [0, 1].map((odd) => numbers.filter((_, i) => i % 2 === odd));
    const middle = (of) => (Math.min(...of) + Math.max(...of)) / 2;
    const radius = (Math.max(...xs) - Math.min(...xs)) / 2;
    this.poles.setAttribute("viewBox", /viewBox="([^"]*)"/.exec(text)[1]);
    this.net.setAttribute("transform", `translate(${middle(xs)} ${middle(ys)}) scale(${radius})`);
  }

  /** Circles over the stereonet that can be clicked; rows of the table do the same by keys. */
  #drawPoles(picks) {
    this.net.replaceChildren(...picks.map((pick) => {
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
