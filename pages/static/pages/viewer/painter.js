// Tiles in colour, kept while they are of use.

const CAPACITY = 96e6;

export class Painter {
  // In the order in which they were last drawn.
  #kept = new Set();
  #bytes = 0;

  constructor(turns) {
    this.turns = turns;
  }

  /** The picture of a tile in a style; `owner` is who shows it. */
  painted(owner, entry, style) {
    const kept = entry.pictures.get(owner) ?? this.#make(owner, entry);
    this.#kept.delete(kept);
    this.#kept.add(kept);
    this.turns.look(owner, kept.seen);
    if (kept.style !== style.key) {
      const { values, filled, width } = entry.data;
      style.paint(values, filled, width, kept.pixels.data);
      kept.canvas.getContext("2d").putImageData(kept.pixels, 0, 0);
      kept.style = style.key;
    }
    return kept.canvas;
  }

  get bytes() {
    return this.#bytes;
  }

  #make(owner, entry) {
    const { width, rows: height } = entry.data;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const bytes = 8 * width * height;
    const made = { owner, entry, canvas, pixels: new ImageData(width, height), bytes, seen: new Map() };
    entry.pictures.set(owner, made);
    this.#bytes += bytes;
    return made;
  }

  /** End of a frame: forget what was drawn longest ago, but nothing that is on the screen. */
  settle() {
    for (const kept of this.#kept) {
      if (this.#bytes <= CAPACITY) break;
      if (this.turns.used(kept.seen)) continue;
      this.#kept.delete(kept);
      kept.entry.pictures.delete(kept.owner);
      this.#bytes -= kept.bytes;
    }
  }
}
