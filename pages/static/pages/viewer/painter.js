// Tiles in colour, kept while they are of use.

const CAPACITY = 96e6;

export class Painter {
  #kept = new Map();
  #bytes = 0;
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
    this.#forget(key);
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

  #forget(shown) {
    for (const [key, kept] of this.#kept) {
      if (this.#bytes <= CAPACITY || key === shown) return;
      this.#kept.delete(key);
      this.#bytes -= kept.bytes;
    }
  }
}
