// Depth and azimuth to pixels and back, and planes on the unrolled wall. Depth grows downwards;
// azimuths are in degrees, clockwise looking down the hole.

export const RADIANS = Math.PI / 180;

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
    const span = Math.min(Math.max(this.span, shortest), longest);
    const middle = Math.min(Math.max((this.top + this.base) / 2, limits.top), limits.base);
    return span === this.span && middle === (this.top + this.base) / 2
      ? this
      : new DepthScale(middle - span / 2, middle + span / 2, this.height);
  }
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
  return Math.min(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)), 12);
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

/** [azimuth, depth] of a plane all around the wall, from azimuth `left` on. */
export function trace(plane, left = 0, steps = 90) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const azimuth = left + (i * 360) / steps;
    return [azimuth, depthAt(plane, azimuth)];
  });
}

/** How far, in depth, a place on the wall is from a plane. */
export function distance(plane, { depth, azimuth }) {
  return Math.abs(depth - depthAt(plane, azimuth));
}
