// Depth to pixels and back. Depth grows downwards; nothing here touches the page.

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

  /** Depth of one pixel. */
  get perPixel() {
    return this.span / this.height;
  }

  y(depth) {
    return ((depth - this.top) / this.span) * this.height;
  }

  depth(y) {
    return this.top + (y / this.height) * this.span;
  }

  /** The window moved down the hole by so many pixels. */
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

  /** The window of the same span with `depth` in its middle. */
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

/** An angle from 0 (included) to 360. */
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

/** The value at 0..1 along the axis. */
export function valueAt(part, low, high, log) {
  return log && low > 0 ? low * (high / low) ** part : low + (high - low) * part;
}
