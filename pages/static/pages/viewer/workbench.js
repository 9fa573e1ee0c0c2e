// The workbench: its state, its tracks, and the loop that draws them.

import { readTrack, read, written } from "./address.js";
import { ImageTrack, wider } from "./imagetrack.js";
import { DepthAxis, Overview } from "./margins.js";
import { Picks, TadpoleTrack } from "./picks.js";
import { palette } from "./pixels.js";
import { decimalsOf, DepthScale } from "./scales.js";
import { fetched, TileStore } from "./service.js";

// Kinds of tracks; some are fetched when one is shown.
const KINDS = {
  image: () => ({ Kind: ImageTrack }),
  tadpoles: () => ({ Kind: TadpoleTrack }),
  curve: () => import("./curvetrack.js"),
  photos: () => import("./phototrack.js"),
};
const SETTLED = 300;
// Milliseconds that the first frame waits for a picture.
const FIRST_WAIT = 50;
const GESTURE = 1500;
const COLOURS = ["text", "quiet", "line", "page", "accent", "bad"];
// Pixels of one trace where the window is the shortest.
const LARGEST_TRACE = 100;

export class Workbench extends EventTarget {
  #frame = null;
  #stale = new Set();
  #settling = null;
  #saved = 0;

  constructor(page, elements) {
    super();
    Object.assign(this, { page, elements, well: page.well, unit: page.well.depth_unit ?? "" });
    this.store = new TileStore((parts) => this.redraw(parts));
    this.tracks = [];
    this.colormap = Uint8Array.from(atob(page.palette), (byte) => byte.charCodeAt(0));
    this.scale = DepthScale.on(page.well, 1);
    this.finest = Math.min(...page.logs.map((log) => log.sampling_interval ?? 0.1), 1);
    this.overview = new Overview(this, elements.overview);
    // What is drawn beside the tracks.
    this.margins = [new DepthAxis(this, elements.axis), this.overview];
    this.picks = new Picks(this);
    new ResizeObserver(() => this.#resized()).observe(elements.tracks);
    elements.tracks.addEventListener("scroll", () => this.redraw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    // What is printed has to be drawn before the handler returns; the screen has its size later.
    matchMedia("print").addEventListener("change", () => {
      this.recolour();
      this.#begin();
      requestAnimationFrame(() => this.#begin());
    });
  }

  /** Tell the panels: "window", "picks", "plane", "mode" or "history". */
  changed(what) {
    this.dispatchEvent(new Event(what));
    this.redraw();
  }

  on(what, work) {
    this.addEventListener(what, work);
  }

  /** Take the state from the address, or from `state`. */
  async open(state = read(location.search + location.hash)) {
    const specs = state.tracks ?? this.page.tracks.map(readTrack);
    if (this.elements.workbench.hidden) await this.#firstTile(specs);
    this.selected = state.pick ?? null;
    this.picks.hidden = new Set(state.hide);
    if (this.selected) this.edit();
    for (const track of this.tracks.splice(0)) this.unmount(track);
    this.show(DepthScale.on(state.top === undefined ? this.well : state, this.#height()));
    this.fill(specs);
    const turn = (this.turn = {});
    const current = () => this.turn === turn;
    for (const spec of specs) {
      await this.make(spec, current);
      if (!current()) return;
      // The first picture waits for no other track.
      if (this.tracks.length === 1) this.#begin();
    }
    this.turn = null;
    this.redraw();
    this.changed("picks");
  }

  /** Share what room there is among the images. */
  fill(specs = this.tracks.map((track) => track.spec)) {
    this.wider = wider(specs, this.elements.tracks.clientWidth);
    this.tracks.forEach((track) => track.widen());
  }

  /** Wait for a picture to begin with, but not for long: nothing is laid out and drawn twice. */
  async #firstTile(specs) {
    const wall = specs.find(({ kind, id }) => kind === "image" && this.log(id));
    const first = wall && this.overview.tile(new ImageTrack(this, wall)).entry;
    this.store.settle();
    await Promise.race([first?.arrival, new Promise((done) => setTimeout(done, FIRST_WAIT))]);
    this.elements.workbench.hidden = false;
    this.recolour();
  }

  get address() {
    const { top, base, perPixel } = this.scale;
    const tracks = this.tracks.map((track) => track.spec);
    const state = { top, base, tracks, hide: [...this.picks.hidden], pick: this.selected };
    return written(state, decimalsOf(perPixel) + 1);
  }

  /** Write the address, a new entry of the browser's history for each gesture. */
  save() {
    clearTimeout(this.#settling);
    const now = performance.now();
    this.fresh ||= now - this.#saved > GESTURE;
    this.#saved = now;
    this.#settling = setTimeout(() => {
      if (this.address === location.search + location.hash) return;
      history[this.fresh ? "pushState" : "replaceState"](null, "", this.address);
      this.fresh = false;
    }, SETTLED);
  }

  show(scale) {
    this.scale = scale.within(this.well, (this.finest * scale.height) / LARGEST_TRACE);
    this.changed("window");
  }

  #height() {
    return Math.max(this.tracks[0]?.body.clientHeight || this.elements.axis.clientHeight, 50);
  }

  #begin() {
    this.#resized();
    this.redraw();
    this.#draw();
  }

  /** Where nothing is of another size, nothing is drawn again. */
  #resized() {
    if (this.elements.workbench.hidden) return;
    const size = [this.#height(), this.elements.tracks.clientWidth].join();
    if (size === this.size) return;
    this.size = size;
    if (!this.turn) this.fill();
    this.show(this.scale.resized(this.#height()));
  }

  log(id) {
    return this.page.logs.find((log) => log.id === id);
  }

  /** Show one more track, unless it is not `wanted` any more once its script has come. */
  async make(spec, wanted = () => true) {
    const ofLog = spec.kind === "image" || spec.kind === "curve";
    if (ofLog && !this.log(spec.id)) {
      this.say("A log of this address is not in the well any more.");
      return;
    }
    const { Kind } = await fetched(this, KINDS[spec.kind], Infinity);
    if (!wanted()) return;
    const track = new Kind(this, spec);
    track.mount(this.tracks.at(-1));
    this.tracks.push(track);
  }

  unmount(track) {
    track.unmount();
    this.store.leave(track);
  }

  /** "add", "remove", "move" or "drop" a track. */
  async arrange(act, ...of) {
    (await fetched(this, () => import("./arranging.js")))?.[act](this, ...of);
  }

  /** The image of the wall on which planes are picked: the last one pointed at, else the first. */
  imageTrack() {
    if (this.tracks.includes(this.focused)) return this.focused;
    return this.tracks.find((track) => track.spec.kind === "image" && !track.axis);
  }

  get #parts() {
    return [...this.tracks, ...this.margins];
  }

  /** Draw again in the next frame: `parts`, or all. */
  redraw(parts = this.#parts) {
    for (const part of parts) this.#stale.add(part);
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    if (this.elements.workbench.hidden) return;
    const parts = this.#parts.filter((part) => this.#stale.has(part));
    this.#stale.clear();
    // All are measured before one is drawn, else the page is laid out anew for each.
    const boxes = parts.map((part) => part.body?.getBoundingClientRect());
    parts.forEach((part, i) => {
      this.store.leave(part);
      part.update(this.scale, boxes[i]);
    });
    this.store.settle();
  }

  /** The 256 colours of a map, RGB each, or null until they have come. */
  palette(owner, map = this.page.colormap) {
    if (map === this.page.colormap) return this.colormap;
    const entry = this.store.want(owner, `/colormaps/${map}.png`, async (response) => ({
      palette: await palette(response),
      bytes: 768,
    }));
    return entry.data?.palette ?? null;
  }

  recolour() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => [name, style.getPropertyValue(`--${name}`).trim()];
    this.colours = Object.fromEntries(COLOURS.map(colour));
    this.tracks.forEach((track) => track.restyled?.());
    this.redraw();
  }

  say(words, wrong = false) {
    this.elements.status.textContent = words;
    this.elements.status.classList.toggle("wrong", wrong);
  }

  select(id) {
    this.selected = id;
    if (id) this.edit();
    this.changed("picks");
    this.save();
  }

  /** What picks and changes planes, fetched when it is first of use; undefined where it was not. */
  async edit() {
    this.picks.bare = false;
    this.editing ??= fetched(this, () => import("./editor.js"));
    const loaded = await this.editing;
    this.editing = null;
    if (loaded && !this.editor) {
      this.editor = new loaded.Editor(this);
      this.changed("picks");
    }
    return this.editor;
  }
}
