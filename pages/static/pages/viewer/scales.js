// Depth and azimuth to pixels and back, the tiles of a log, and planes on the unrolled wall. Depth
// grows downwards; azimuths are in degrees, clockwise looking down the hole.

export const RADIANS = Math.PI / 180;
const TILE_ROWS = 1024;
// A cell is drawn on 1.25 pixels at the least detail, and on half as many at the most.
const CELL_PIXELS = 1.25;

export function clamp(number, low, high) {
  return Math.min(Math.max(number, low), high);
}

/** A window of depth on `height` pixels. It never changes; every move makes another one. */
export class DepthScale {
  constructor(top, base, height) {
    this.top = top;
    this.base = base;
    this.height = height;
  }

  /** The window on some limits; where those are one depth, it is one unit long. */
  static on({ top, base }, height) {
    return new DepthScale(top, base === top ? top + 1 : base, height);
  }

  get span() {
    return this.base - this.top;
  }

  get perPixel() {
    return this.span / this.height;
  }

  y(depth) {
    return ((depth - this.top) / this.span) * this.height;
  }

  depth(y) {
    return this.top + (y / this.height) * this.span;
  }

  panned(pixels) {
    const by = pixels * this.perPixel;
    return new DepthScale(this.top + by, this.base + by, this.height);
  }

  /** The window with `factor` times the depth, the depth at pixel `y` staying where it is. */
  zoomed(factor, y = this.height / 2) {
    const fixed = this.depth(y);
    const top = fixed - (fixed - this.top) * factor;
    return new DepthScale(top, top + this.span * factor, this.height);
  }

  holds(depth) {
    return depth >= this.top && depth <= this.base;
  }

  centred(depth) {
    return new DepthScale(depth - this.span / 2, depth + this.span / 2, this.height);
  }

  resized(height) {
    return new DepthScale(this.top, this.base, height);
  }

  /** The nearest window that shows a part of `limits` and spans from `shortest` to all of them. */
  within(limits, shortest) {
    const whole = limits.base - limits.top || 1;
    const longest = Math.max(whole * 1.1, shortest);
    const span = clamp(this.span, shortest, longest);
    const centre = (this.top + this.base) / 2;
    const middle = clamp(centre, limits.top, limits.base);
    if (span === this.span && middle === centre) return this;
    return new DepthScale(middle - span / 2, middle + span / 2, this.height);
  }
}

/**
 * The fixed grid of tiles of a log. A tile is a piece of depth at one level of detail, so its address
 * never changes and every cache may keep it.
 *
 * Level k has cells of 2^k sampling intervals, and a tile TILE_ROWS cells. The grid begins half an
 * interval above the first trace: at level 0 each trace lies in the middle of its own cell.
 */
export class Grid {
  /** `log` as the API describes it; `smallest` is its smallest depth step. */
  constructor(log, smallest = log.sampling?.minimum) {
    this.id = log.id;
    this.interval = log.sampling_interval || 0.1;
    this.origin = log.depth_min - this.interval / 2;
    this.rows = (log.depth_max - log.depth_min) / this.interval + 1;
    this.coarsest = Math.max(0, Math.ceil(Math.log2(this.rows / TILE_ROWS)));
    const finer = Math.round(Math.log2((smallest || this.interval) / this.interval));
    this.finest = Math.max(-6, Math.min(0, finer));
  }

  /** The level to draw with where a pixel is `perPixel` of depth. */
  level(perPixel) {
    const level = Math.floor(Math.log2((perPixel * CELL_PIXELS) / this.interval));
    return clamp(level, this.finest, this.coarsest);
  }

  cell(level) {
    return this.interval * 2 ** level;
  }

  /** The tiles of a level that reach into a window of depth. */
  tiles(top, base, level) {
    const length = this.cell(level) * TILE_ROWS;
    const last = Math.ceil(this.#rowsAt(level) / TILE_ROWS) - 1;
    const from = Math.max(0, Math.floor((top - this.origin) / length));
    const to = Math.min(last, Math.floor((base - this.origin) / length));
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => this.tile(level, from + i));
  }

  /** One tile; the last one of a level ends with the log. */
  tile(level, index) {
    const cell = this.cell(level);
    const first = index * TILE_ROWS;
    const rows = Math.min(TILE_ROWS, this.#rowsAt(level) - first);
    const [top, base] = [first, first + rows].map((row) => this.origin + row * cell);
    return { level, index, rows, top, base };
  }

  /** The tile one level coarser that holds this one; null at the coarsest. */
  parent(tile) {
    return tile.level < this.coarsest ? this.tile(tile.level + 1, tile.index >> 1) : null;
  }

  /** The address of a tile; `query` says more than which log, which format and how many rows. */
  url(tile, format, query = {}) {
    const parameters = new URLSearchParams({ log: this.id, format, height: tile.rows, ...query });
    return `/get-images/${plain(tile.top)}/${plain(tile.base)}/?${parameters}`;
  }

  #rowsAt(level) {
    return Math.max(1, Math.ceil(Math.round(this.rows * 1e6) / 1e6 / 2 ** level - 1e-6));
  }
}

/** A number in decimals, without what is only the error of its arithmetic. */
function plain(number) {
  return String(Number(number.toFixed(9)));
}

/** Round numbers from `low` to `high`, about `count` of them, and their decimals. */
export function ticks(low, high, count) {
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((nice) => nice * power >= rough * 0.999999);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { values, step, decimals: decimalsOf(step) };
}

/** The decimals that tell values apart that differ by `step`. */
export function decimalsOf(step) {
  return clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 12);
}

export function turned(degrees) {
  return ((degrees % 360) + 360) % 360;
}

/** The pixel of an azimuth in a track of `width` pixels whose left edge is at azimuth `left`. */
export function azimuthToX(azimuth, left, width) {
  return (turned(azimuth - left) / 360) * width;
}

export function xToAzimuth(x, left, width) {
  return turned((x / width) * 360 + left);
}

/** A value to 0..1 along a linear or logarithmic axis; NaN where it has no place on it. */
export function fraction(value, low, high, log) {
  if (!log) return (value - low) / (high - low);
  return value > 0 && low > 0 ? Math.log(value / low) / Math.log(high / low) : NaN;
}

export function valueAt(part, low, high, log) {
  return log && low > 0 ? low * (high / low) ** part : low + (high - low) * part;
}

/**
 * The depth at which a plane meets the wall: depth + height / 2 cos(azimuth - its azimuth), which is
 * that of its deepest point.
 */
export function depthAt(plane, azimuth) {
  return plane.depth + (plane.height / 2) * Math.cos((azimuth - plane.azimuth) * RADIANS);
}
