// Tiles in colour, kept while they are of use.

const CAPACITY = 96e6;

export class Painter {
  #kept = new Map();
  #bytes = 0;
  #used = new Set();
  #names = new WeakMap();
  #next = 0;

  /** The picture of a tile in a style; `owner` is who shows it. */
  painted(owner, entry, style) {
    const key = `${this.#name(owner)} ${entry.url}`;
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept?.data !== entry.data) {
      this.#bytes -= kept?.bytes ?? 0;
      kept = this.#make(entry.data);
      this.#bytes += kept.bytes;
    }
    this.#kept.set(key, kept);
    if (kept.style !== style.key) {
      const { values, filled, width } = entry.data;
      style.paint(values, filled, width, kept.pixels.data);
      kept.canvas.getContext("2d").putImageData(kept.pixels, 0, 0);
      kept.style = style.key;
    }
    this.#used.add(key);
    return kept.canvas;
  }

  get bytes() {
    return this.#bytes;
  }

  #make(data) {
    const { width, rows: height } = data;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    return { data, canvas, pixels: new ImageData(width, height), bytes: 8 * width * height };
  }

  #name(owner) {
    if (!this.#names.has(owner)) this.#names.set(owner, this.#next++);
    return this.#names.get(owner);
  }

  /** End of a frame: forget what was drawn longest ago, but nothing that was drawn in it. */
  settle() {
    for (const [key, kept] of this.#kept) {
      if (this.#bytes <= CAPACITY || this.#used.has(key)) break;
      this.#kept.delete(key);
      this.#bytes -= kept.bytes;
    }
    this.#used.clear();
  }
}
