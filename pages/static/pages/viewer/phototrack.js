// Core photos at their true depths, each whole: as wide as its own shape asks, or as the track is.

import { json } from "./pixels.js";
import { Track } from "./track.js";

const WIDTHS = [160, 320, 640, 1280, 2048];
const PAGE = 1000;

export class Kind extends Track {
  static WIDTH = 160;

  get title() {
    return "Core photos";
  }

  photos = [];

  draw(context, scale, width) {
    this.photos = [];
    let entry;
    do {
      const place = { limit: PAGE, offset: this.photos.length };
      const query = new URLSearchParams({ well: this.bench.well.name, ...place });
      entry = this.bench.store.want(this, `/photos/?${query}`, json);
      this.photos.push(...(entry.data?.json.results ?? []));
    } while (entry.data?.json.next);
    this.failure(context, entry, 0, width);
    for (const photo of this.photos) {
      if (photo.base_depth < scale.top || photo.top_depth > scale.base) continue;
      const y = scale.y(photo.top_depth);
      const height = Math.max(scale.y(photo.base_depth) - y, 1);
      const across = Math.min(width, (height * photo.width) / photo.height);
      this.#drawPhoto(context, photo, y, across, height, width);
    }
  }

  read({ depth }) {
    const photo = this.photos.find((p) => p.top_depth <= depth && depth <= p.base_depth);
    return photo ? [photo.caption || "core photo"] : [];
  }

  #drawPhoto(context, photo, y, across, height, width) {
    const asked = across * (devicePixelRatio || 1);
    const size = WIDTHS.find((w) => w >= asked) ?? WIDTHS.at(-1);
    const address = (w) => `${photo.image_url}?width=${w}`;
    let entry = this.bench.store.want(this, address(size), decoded);
    const wanted = entry;
    if (entry.state !== "ready") {
      const others = WIDTHS.map((w) => this.bench.store.peek(address(w)));
      entry = others.find((other) => other?.state === "ready");
    }
    const { colours } = this.bench;
    context.fillStyle = colours.line;
    context.fillRect(0, y, across, height);
    if (entry) {
      context.imageSmoothingEnabled = true;
      context.drawImage(entry.data.bitmap, 0, y, across, height);
    } else this.failure(context, wanted, y, width);
  }
}

/** A photo: {bitmap}. */
async function decoded(response) {
  const bitmap = await createImageBitmap(await response.blob());
  return { bitmap, bytes: bitmap.width * bitmap.height * 4 };
}
