// The bytes of an answer to values row by row or a picture, and values to pictures in colour.

/** A tile of grays: {values, width, rows}; what is transparent is NaN. */
export async function grays(response) {
  const { data, width, height: rows } = await pixelsOf(response);
  const pixels = new Uint32Array(data.buffer);
  // The lowest byte of each.
  let values = new Uint8Array(pixels);
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] >>> 24) continue;
    if (values instanceof Uint8Array) values = Float32Array.from(values);
    values[i] = NaN;
  }
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

/** The picture of a tile in a style, kept with the tile as long as its owner shows it. */
export function painted(store, owner, entry, style) {
  const { values, width, rows: height } = entry.data;
  const canvas = () => Object.assign(document.createElement("canvas"), { width, height });
  const picture = entry.pictures.get(owner) ?? { canvas: canvas() };
  entry.pictures.set(owner, picture);
  store.look(owner, entry);
  if (picture.style !== style.key) {
    const pixels = new ImageData(width, height);
    style.paint(values, pixels.data);
    picture.canvas.getContext("2d").putImageData(pixels, 0, 0);
    picture.style = style.key;
  }
  return picture.canvas;
}
