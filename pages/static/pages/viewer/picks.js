// The picks of the well, and how they are drawn: sinusoids on the wall, tadpoles beside it.

import * as format from "./format.js";
import { depthAt, RADIANS } from "./scales.js";
import { getJson } from "./service.js";
import { Track } from "./track.js";

const MOST = 1000;
const AGAIN = 15000;
// Pixels of a tadpole.
const RADIUS = 5;
const TAIL = 14;
// Beside 0 and 90 degrees, for whole tails.
const EDGE = TAIL + 2;

/** Those near the window are here, as the service has them. */
export class Picks {
  #loaded = null;
  #abort = null;

  constructor(bench) {
    this.bench = bench;
    this.all = [];
    this.total = 0;
    // The types that are not shown.
    this.hidden = new Set();
    // Whether walls are seen without them.
    this.bare = false;
    // Planes that are still to be saved.
    this.unsaved = new Set();
    setInterval(() => document.hidden || this.load(true), AGAIN);
    window.addEventListener("focus", () => this.load(true));
  }

  find(id) {
    return this.all.find((pick) => pick.id === id);
  }

  colour(pick) {
    return this.bench.page.types.find((type) => type.name === pick.type)?.colour ?? "#888888";
  }

  get shown() {
    return this.all.filter(({ type }) => !this.hidden.has(type));
  }

  /** Those shown of which any depth lies in the window. */
  within({ top, base }) {
    return this.shown.filter((p) => p.depth + p.height / 2 >= top && p.depth - p.height / 2 <= base);
  }

  /** Those of them that are sinusoids on the wall of a log; a dip alone is none without a survey. */
  onWall(scale, log) {
    return this.within(scale).filter((pick) => pick.height !== null && fits(pick, log));
  }

  /** Fetch those around the window, unless they are here already. */
  async load(anew = false) {
    const { top, base, span } = this.bench.scale;
    const held = this.#loaded;
    if (!anew && held && held.top <= top && held.base >= base && !held.cut) return;
    this.#abort?.abort();
    this.#abort = new AbortController();
    const window = { top: top - span, base: base + span };
    const query = new URLSearchParams({ well: this.bench.well.id, min: window.top, max: window.base });
    try {
      const url = `/dips/?${query}&limit=${MOST}`;
      const { count, results } = await getJson(url, { signal: this.#abort.signal, cache: "no-cache" });
      this.#loaded = { ...window, cut: count > results.length };
      this.total = count;
      this.put(results);
    } catch (error) {
      if (error.name === "AbortError" || this.unsaved.size) return;
      this.bench.say(`The picks were not loaded: ${error.message}`);
    }
  }

  put(list) {
    this.all = list.toSorted((a, b) => a.depth - b.depth);
    this.bench.changed("picks");
  }

  /** Picks were found that may lie beyond what was known of the well. */
  extend(top, base) {
    const { well } = this.bench;
    well.top = Math.min(well.top, top);
    well.base = Math.max(well.base, base);
  }

  draw(context, scale, width, track) {
    const { selected, editor, colours } = this.bench;
    if (this.bare) return;
    for (const pick of this.onWall(scale, track.log)) {
      const isSelected = pick.id === selected;
      if (isSelected && editor?.picker.plane) continue;
      const style = isSelected ? { halo: colours.page, width: 3 } : { width: 1.5 };
      drawTrace(context, scale, width, track.turn, pickPlane(pick), this.colour(pick), style);
    }
    for (const plane of this.unsaved) {
      drawTrace(context, scale, width, track.turn, plane, this.colour(plane), { width: 1.5, dash: [6, 4] });
    }
    editor?.picker.draw(context, scale, width, track);
  }
}

/** The dip to show, true where it is known, else apparent: {dip, azimuth, known}. */
export function shownDip(pick) {
  const known = pick.true_dip !== null;
  const of = known ? "true" : "apparent";
  return { dip: pick[`${of}_dip`], azimuth: pick[`${of}_azimuth`], known };
}

/** Whether azimuths of a pick are those of a log: not where they are counted from another place. */
export function fits({ reference }, { azimuth_reference: of, axis }) {
  return !axis && (!reference || !of || reference === of);
}

export function pickPlane(pick) {
  return { depth: pick.depth, height: pick.height ?? 0, azimuth: pick.apparent_azimuth ?? 0 };
}

export function drawTrace(context, scale, width, left, plane, colour, style) {
  context.setLineDash(style.dash ?? []);
  context.beginPath();
  for (let part = 0; part <= 1; part += 1 / 128) {
    context.lineTo(part * width, scale.y(depthAt(plane, left + 360 * part)));
  }
  for (const [stroke, wide] of [[style.halo, style.width + 3], [colour, style.width]]) {
    if (!stroke) continue;
    Object.assign(context, { strokeStyle: stroke, lineWidth: wide });
    context.stroke();
  }
  context.setLineDash([]);
}

/** Where a dip lies in a track of so many pixels: 90 degrees at the right edge. */
function across(dip, width) {
  return EDGE + (dip / 90) * (width - 2 * EDGE);
}

/** Tadpoles: the head at the dip, the tail towards the azimuth of the dip (north is up). */
export class TadpoleTrack extends Track {
  static WIDTH = 140;

  get title() {
    return "Dips";
  }

  #place(pick, scale, width) {
    const { dip, azimuth, known } = shownDip(pick);
    return { x: across(dip, width), y: scale.y(pick.depth), turn: azimuth * RADIANS, known };
  }

  draw(context, scale, width) {
    context.fillStyle = this.bench.colours.line;
    for (const dip of [30, 60]) context.fillRect(across(dip, width), 0, 1, scale.height);
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
    const circle = (radius) => {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    };
    circle(RADIUS);
    context.fill();
    if (pick.id !== this.bench.selected) return;
    context.strokeStyle = this.bench.colours.accent;
    circle(RADIUS + 4);
  }

  /** The pick at a pixel, or undefined. */
  hit(x, y, width) {
    const { scale, picks } = this.bench;
    return picks.within(scale).find((pick) => {
      const place = this.#place(pick, scale, width);
      return Math.hypot(place.x - x, place.y - y) <= RADIUS + 4;
    });
  }

  read({ x, y, width }) {
    const pick = this.hit(x, y, width);
    if (!pick) return [];
    const { dip, azimuth, known } = shownDip(pick);
    const words = format.plane(dip, azimuth);
    return [pick.type, known ? words : `${words} (apparent)`];
  }
}
