// An image of the borehole wall: tiles, coloured here, with the sinusoids of the picks on it.

import { colouring, histogramOf, rangeOf } from "./colours.js";
import * as format from "./format.js";
import { ColourBar } from "./margins.js";
import { grays, json, numbers, painted } from "./pixels.js";
import { azimuthToX, clamp, Grid, turned, xToAzimuth } from "./scales.js";
import { prepared, Track } from "./track.js";

// Coarser levels that are shown until the finer one is there, and finer ones while zooming out.
const FINER = 2;
// Times the usual width; in a wider image all planes look flat.
const WIDEST = 5;

export class LogTrack extends Track {
  constructor(bench, spec) {
    super(bench, spec);
    this.log = bench.log(spec.id);
    this.#know();
  }

  get title() {
    const { name, filename } = this.log;
    const same = this.bench.page.logs.filter((log) => log.name === name);
    return name && same.length === 1 ? name : [name, filename].filter(Boolean).join(" · ");
  }

  /** Take in what is known of the log. */
  #know() {
    this.sampling = this.log.sampling;
    this.grid = new Grid(this.log);
  }

  /** Ask for the statistics of the log, once for all its tracks, and again as for tiles. */
  prepare() {
    const { log, bench } = this;
    if (!log.sampling) {
      Object.assign(log, bench.store.want(this, `/logs/${log.id}/`, json).data?.json);
    }
    if (this.sampling === log.sampling) return;
    this.#know();
    this.restyled();
  }

  /** The address of a tile and its decoder; `shown` as the track shows it, else as it is stored. */
  address(tile, shown = true) {
    const { grid, log, spec } = this;
    if (!shown || !spec.window) {
      return log.values === "float32" ? [grid.url(tile, "npy"), numbers] : [grid.url(tile, "png"), grays];
    }
    const stretch = (spec.stretch ?? "none") === "none" ? "percentile" : spec.stretch;
    return [grid.url(tile, "png", { normalize: "dynamic", window: spec.window, stretch }), grays];
  }

  /** The tiles of the window, as fine as the screen shows them. */
  tiles({ top, base, perPixel }) {
    return this.grid.tiles(top, base, this.grid.level(perPixel / (devicePixelRatio || 1)));
  }

  want(tile) {
    return this.bench.store.want(this, ...this.address(tile));
  }

  get logarithmic() {
    const { scale = this.log.scale } = this.spec;
    return scale === "log" && Math.min(...this.range) > 0;
  }
}

export class ImageTrack extends LogTrack {
  static WIDTH = 220;

  /** Wider where there is room. */
  get width() {
    return this.spec.width ?? Math.round(this.constructor.WIDTH * this.bench.wider);
  }

  mounted() {
    this.labels = this.head.querySelector(".axis");
    this.bar = new ColourBar(this);
  }

  /** What the columns are, where they are no azimuths: {name, unit, places}. */
  get axis() {
    return this.log.axis;
  }

  get turn() {
    return this.axis ? 0 : (this.spec.turn ?? 0);
  }

  get range() {
    return this.spec.window ? [0, 255] : rangeOf(this.spec, this.log);
  }

  restyled() {
    this.bar.update();
    this.bench.redraw([this, this.bench.overview]);
  }

  /** What colours the values, and a key that says whether it is the same as before. */
  get style() {
    const { spec, range, logarithmic } = this;
    const palette = this.bench.palette(this, spec.map);
    if (!palette) return null;
    const { statistics } = this.log;
    const key = [spec.map, range, logarithmic, spec.stretch, !!statistics].join();
    if (this.styled?.key !== key) {
      const equal = !spec.window && spec.stretch === "equalize" && statistics;
      const options = { log: logarithmic, equalize: equal && histogramOf(statistics) };
      this.styled = { key, paint: colouring(palette, range, options) };
    }
    return this.styled;
  }

  draw(context, scale, width) {
    this.#drawAxis(width);
    if (this.style && this.bar.style !== this.style) this.bar.update();
    context.imageSmoothingEnabled = false;
    this.empty = true;
    for (const tile of this.tiles(scale)) {
      const entry = this.want(tile);
      if (this.#paint(context, scale, width, tile, entry) || entry.state === "nothing") continue;
      this.empty = false;
      this.#paintOthers(context, scale, width, tile);
      this.failure(context, entry, scale.y(tile.top), width);
    }
    if (this.empty) this.note(context, "No values here.", 8, width, "quiet");
    this.bench.picks.draw(context, scale, width, this);
  }

  read({ x, width, values }) {
    const { axis, log } = this;
    const azimuth = xToAzimuth(x, this.turn, width);
    const column = axis ? Math.floor((x / width) * log.width) : this.#column(azimuth);
    const value = values === null ? NaN : values?.[column];
    const place = axis
      ? `${axis.name} ${format.value(axis.places[column], axis.unit)}`
      : format.azimuth(azimuth, log.azimuth_reference);
    return [place, format.value(value, log.unit)];
  }

  #column(azimuth) {
    const columns = this.log.width;
    const sense = this.log.clockwise === false ? -1 : 1;
    const from = turned(sense * (azimuth - (this.log.first_azimuth ?? 0)));
    return Math.round((from / 360) * columns) % columns;
  }

  /** Until a tile is there: the nearest coarser one, and finer ones over it. */
  #paintOthers(context, scale, width, tile) {
    const { store } = this.bench;
    for (let coarser = this.grid.parent(tile); coarser; coarser = this.grid.parent(coarser)) {
      const entry = store.peek(this.address(coarser)[0]);
      if (entry && this.#paint(context, scale, width, coarser, entry, tile)) break;
    }
    for (let level = tile.level - 1; level >= tile.level - FINER; level--) {
      for (const finer of this.grid.tiles(tile.top, tile.base, level)) {
        const entry = store.peek(this.address(finer)[0]);
        if (entry) this.#paint(context, scale, width, finer, entry, tile);
      }
    }
  }

  /** Draw a tile, or of it what lies within `part`; false where it is not there. */
  #paint(context, scale, width, tile, entry, part = tile) {
    if (entry.state !== "ready" || !this.style) return false;
    const picture = painted(this.bench.store, this, entry, this.style);
    const cell = this.grid.cell(tile.level);
    const first = Math.max(0, Math.floor((Math.max(part.top, scale.top) - tile.top) / cell));
    const last = Math.min(tile.rows, Math.ceil((Math.min(part.base, scale.base) - tile.top) / cell));
    if (last <= first) return true;
    const { values } = entry.data;
    this.empty &&= values.subarray(first * picture.width, last * picture.width).every(Number.isNaN);
    const [y, bottom] = [first, last].map((row) => scale.y(tile.top + row * cell));
    const mirrored = this.log.clockwise === false;
    // An azimuth is the middle of its column; an axis begins at the edge of its first one.
    const half = this.axis ? 0 : 180 / picture.width;
    const edge = (this.log.first_azimuth ?? 0) + (mirrored ? half : -half);
    const x = azimuthToX(edge, this.turn, width);
    for (const left of [x, x - width]) {
      context.save();
      context.translate(mirrored ? left + width : left, 0);
      if (mirrored) context.scale(-1, 1);
      context.drawImage(picture, 0, first, picture.width, last - first, 0, y, width, bottom - y);
      context.restore();
    }
    return true;
  }

  #drawAxis(width) {
    const context = prepared(this.labels, width, 18);
    context.fillStyle = context.strokeStyle = this.bench.colours.text;
    context.font = "12px system-ui, sans-serif";
    for (const [at, label] of this.#marks(width)) {
      const edge = at < 14 ? 3 : at > width - 14 ? -3 : 0;
      context.textAlign = { 3: "left", "-3": "right" }[edge] ?? "center";
      context.fillText(label, at + edge, 11);
      context.fillRect(Math.min(at, width - 1), 13, 1, 5);
    }
  }

  /** [pixel, label] of what is marked above the image. */
  #marks(width) {
    const { axis, log } = this;
    if (axis) return format.axisMarks(axis).map(([part, label]) => [part * width, label]);
    return format.azimuthMarks(log.azimuth_reference).flatMap(([azimuth, label]) => {
      const x = azimuthToX(azimuth, this.turn, width);
      return (x < 1 ? [x, width] : [x]).map((at) => [at, label]);
    });
  }
}

/** By how much images can be wider so that the tracks fill so many pixels. */
export function wider(specs, pixels) {
  const width = (spec) => (spec.over ? 0 : spec.width ?? (spec.kind === "image" ? 0 : 160));
  const taken = specs.reduce((sum, spec) => sum + width(spec), 0);
  const images = specs.filter((spec) => spec.kind === "image" && !spec.width).length;
  return clamp((pixels - taken) / (images * ImageTrack.WIDTH), 1, WIDEST) || 1;
}
