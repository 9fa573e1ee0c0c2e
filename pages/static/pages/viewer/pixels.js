// The bytes of an answer to values row by row or a picture, and values to pictures in colour.

// Bytes of pictures that are kept.
const CAPACITY = 96e6;

/** A tile of grays: {values, width, rows}; what is transparent is NaN. */
export async function grays(response) {
  const { data, width, height: rows } = await pixelsOf(response);
  const pixels = new Uint32Array(data.buffer);
  const empty = (pixel) => pixel >>> 24 === 0;
  const values = pixels.some(empty)
    ? Float32Array.from(pixels, (pixel) => (empty(pixel) ? NaN : pixel & 255))
    : Uint8Array.from(pixels, (pixel) => pixel & 255);
  return { values, width, rows, bytes: values.byteLength };
}

/** A tile of physical values from an NPY file (NEP 1, version 1.0). */
export async function numbers(response) {
  const buffer = await response.arrayBuffer();
  const start = 10 + new DataView(buffer).getUint16(8, true);
  const header = new TextDecoder().decode(buffer.slice(10, start));
  const type = /'descr': *'([^']+)'/.exec(header)?.[1];
  const [rows, width = 1] = /'shape': *\(([^)]*)\)/.exec(header)[1].match(/\d+/g).map(Number);
  const Kind = { "<f4": Float32Array, "|u1": Uint8Array }[type];
  if (!Kind) throw new TypeError(`values of type ${type} cannot be shown`);
  const values = new Kind(buffer.slice(start));
  return { values, width, rows, bytes: values.byteLength };
}

/** A document: {json}. */
export async function json(response) {
  return { json: await response.json(), bytes: 0 };
}

/** The 256 colours of a legend, as RGB triples. */
export async function palette(response) {
  const { data } = await pixelsOf(response);
  return Uint8Array.from({ length: 768 }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]);
}

/** The stored numbers of a picture, whatever colours the screen has. */
async function pixelsOf(response) {
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
  const bitmap = await createImageBitmap(await response.blob(), options);
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** Tiles in colour, kept while they are of use. */
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
      style.paint(entry.data.values, kept.pixels.data);
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
