// The fixed grid of tiles of a log. A tile is a piece of depth at one level of detail, so its
// address never changes and every cache may keep it.
//
// Level k has cells of 2^k sampling intervals, and a tile TILE_ROWS cells. The grid begins half an
// interval above the first trace: at level 0 each trace lies in the middle of its own cell.

export const TILE_ROWS = 1024;
// A cell is drawn on 1.25 pixels at the least detail, and on half as many at the most.
const CELL_PIXELS = 1.25;

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
    return Math.min(Math.max(level, this.finest), this.coarsest);
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
export function plain(number) {
  return String(Number(number.toFixed(9)));
}
