// The bytes of an answer to what is drawn: values row by row, or a picture.

/** A tile of grays: {values, filled, width, rows}; `filled` says which rows hold anything. */
export async function grays(response) {
  const { data, width, height: rows } = await pixelsOf(response);
  const pixels = new Uint32Array(data.buffer);
  const values = Uint8Array.from(pixels, (pixel) => pixel & 255);
  const filled = Array.from({ length: rows }, (_, row) => pixels[row * width] >>> 24 !== 0);
  return { values, filled: filled.every(Boolean) ? null : filled, width, rows, bytes: values.length };
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
  return { values, filled: null, width, rows, bytes: values.byteLength };
}

/** A document: {json}. */
export async function json(response) {
  return { json: await response.json(), bytes: 0 };
}

/** A photo: {bitmap}. */
export async function photo(response) {
  const bitmap = await createImageBitmap(await response.blob());
  return { bitmap, bytes: bitmap.width * bitmap.height * 4 };
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
