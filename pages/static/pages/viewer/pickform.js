// The selected pick, or the one that is being made: its dips, its place, what it is called.

import * as format from "./format.js";
import { pickPlane } from "./picks.js";
import { send } from "./service.js";

const FIT_WAIT = 120;

export class PickForm {
  #fitting = null;
  #timer = null;

  constructor(bench, editor) {
    Object.assign(this, { bench, editor, form: document.querySelector("form.pick") });
    bench.on("picks", () => this.update());
    bench.on("plane", () => this.#planeMoved());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", (event) => this.#changed(event.target));
    this.form.elements.delete.addEventListener("click", () => editor.removeSelected());
  }

  get pick() {
    return this.bench.picks.find(this.bench.selected);
  }

  update() {
    const { elements } = this.form;
    const { pick, bench, editor } = this;
    const { type, quality } = pick ?? editor.chosen;
    elements.type.value = type;
    // What somebody is typing stays, whatever the service answers meanwhile.
    for (const [name, value] of Object.entries({ quality, comment: pick?.comment })) {
      if (document.activeElement !== elements[name]) elements[name].value = value ?? "";
    }
    for (const name of ["depth", "height", "azimuth", "comment", "delete"]) {
      elements[name].disabled = !pick || !bench.page.may_write;
    }
    for (const name of ["type", "quality"]) elements[name].disabled = !bench.page.may_write;
    this.#planeMoved();
  }

  /** Show where the plane is; ask for its true dip while it moves. */
  #planeMoved() {
    const { plane, points } = this.editor.picker;
    const shown = plane ?? (this.pick && pickPlane(this.pick));
    const { elements } = this.form;
    const step = Math.min(this.bench.scale.perPixel, 0.01);
    for (const [name, digit] of Object.entries({ depth: step, height: step / 10, azimuth: 0.1 })) {
      if (document.activeElement === elements[name]) continue;
      elements[name].value = shown ? format.depth(shown[name], "", digit) : "";
    }
    if (plane) this.#askLater(plane, points);
    else this.#tell(this.pick ?? {}, points);
  }

  #askLater(plane, points) {
    clearTimeout(this.#timer);
    this.#fitting?.abort();
    this.#timer = setTimeout(() => this.#ask(plane, points), FIT_WAIT);
  }

  async #ask({ depth, height, azimuth }, points) {
    this.#fitting = new AbortController();
    const { well } = this.bench;
    const log = this.bench.imageTrack()?.log.id;
    const place = points.length > 2 ? { points } : { depth, height, azimuth };
    try {
      const options = { json: { well: well.id, log, ...place }, signal: this.#fitting.signal };
      this.#tell(await (await send("POST", "/dips/fit", options)).json(), points);
    } catch (error) {
      if (error.name !== "AbortError") this.#tell({ reason: error.message }, points);
    }
  }

  #tell(plane, points) {
    const set = (name, text) => (this.form.querySelector(`[data-of=${name}]`).textContent = text);
    set("apparent", format.plane(plane.apparent_dip, plane.apparent_azimuth));
    set("true", format.plane(plane.true_dip, plane.true_azimuth));
    const missing = Math.max(0, 3 - points.length);
    const wanted = points.length && missing ? `${missing} more point${missing > 1 ? "s" : ""}.` : "";
    set("reason", plane.reason ?? wanted);
    const { diameter, diameter_unit: unit, diameter_source: from } = plane;
    const of = from ? ` (${from})` : "";
    set("diameter", diameter ? `${Number(diameter.toPrecision(5))} ${unit ?? ""}${of}` : "–");
  }

  async #changed(field) {
    const { pick, editor } = this;
    const { name, value } = field;
    if (["type", "quality", "comment"].includes(name)) {
      await editor.choose({ [name]: name === "quality" ? quality(value) : value });
      return;
    }
    if (!pick || !field.checkValidity()) return;
    // A dip that was given alone stays when only its depth is changed.
    const known = name === "depth" ? {} : pickPlane(pick);
    const plane = { ...known, [name]: Number(value) };
    await editor.attempt(() => editor.edits.change(pick, plane));
  }
}

/** A number where it is one, as in files of picks. */
function quality(text) {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text || null;
}
