// What picks and changes planes. It is fetched when somebody begins to pick, or selects a pick.

import { Conflict } from "./conflict.js";
import { Edits, fetchPick } from "./edits.js";
import { Picker } from "./picker.js";
import { PickForm } from "./pickform.js";
import { said } from "./service.js";

export class Editor {
  constructor(bench) {
    this.bench = bench;
    this.chosen = { type: bench.page.types[0]?.name, quality: null };
    this.edits = new Edits(bench, new Conflict(document.getElementById("conflict")));
    this.picker = new Picker(bench, this);
    this.form = new PickForm(bench, this);
    bench.on("mode", () => this.#showMode());
    bench.on("history", () => this.#showHistory());
    this.#reveal();
  }

  /** Bring the pick of the address into the window, wherever it is. */
  async #reveal() {
    const { bench } = this;
    if (!bench.selected || bench.picks.find(bench.selected)) return;
    try {
      const pick = await fetchPick(bench.selected);
      if (pick) this.bring(pick.depth);
      else bench.select(null);
    } catch (error) {
      bench.say(`The pick was not loaded: ${said(error)}`, true);
    }
  }

  /** Bring a depth into the window. */
  bring(depth) {
    const { scale } = this.bench;
    if (!scale.holds(depth)) this.bench.show(scale.centred(depth));
  }

  mayPick() {
    if (!this.bench.page.may_write) this.bench.say("You may look at picks, but not change them.", true);
    return this.bench.page.may_write;
  }

  /** The colour of the type that the next pick will have. */
  get colour() {
    return this.bench.picks.colour(this.chosen);
  }

  /** What the selected pick is, and the next ones: a type, a quality; or a comment. */
  async choose(fields) {
    const { comment, ...kept } = fields;
    Object.assign(this.chosen, kept);
    const pick = this.bench.picks.find(this.bench.selected);
    if (pick && this.mayPick()) await this.attempt(() => this.edits.change(pick, fields));
    this.bench.changed("picks");
  }

  async removeSelected() {
    const pick = this.bench.picks.find(this.bench.selected);
    if (!pick || !this.mayPick()) return;
    this.picker.reset();
    await this.attempt(() => this.edits.remove(pick));
    this.bench.select(null);
  }

  undo() {
    this.picker.reset();
    return this.attempt(() => this.edits.history.undo(), "Undone: ");
  }

  redo() {
    return this.attempt(() => this.edits.history.redo(), "Done again: ");
  }

  escape() {
    if (this.picker.points.length) this.picker.reset();
    else if (this.picker.active) this.picker.toggle(false);
    else this.bench.select(null);
  }

  /** Do it, or say why not; `done` is said before what the work returns. */
  async attempt(work, done = null) {
    try {
      const what = await work();
      this.bench.say(`${done && what ? `${done}${what}.` : ""} ${this.picker.hint}`.trim());
    } catch (error) {
      await this.refused(error);
    }
    this.bench.redraw();
  }

  /** Say why something was not saved, and show the picks as they are: maybe without this one. */
  async refused(error) {
    const { bench } = this;
    const gone = error.name === "dip-not-found";
    bench.say(`Not saved: ${gone ? "somebody has deleted this pick." : error.message}`, true);
    await bench.picks.load(true);
    if (gone && !bench.picks.find(bench.selected)) bench.select(null);
  }

  #showMode() {
    const { active } = this.picker;
    document.querySelector("[data-do=pick]").setAttribute("aria-pressed", String(active));
    document.querySelector("[data-do=next]").hidden = !active;
    document.getElementById("area").classList.toggle("picking", active);
  }

  #showHistory() {
    const { undoable, redoable } = this.edits.history;
    for (const [act, label] of Object.entries({ undo: undoable, redo: redoable })) {
      const button = document.querySelector(`[data-do=${act}]`);
      button.disabled = !label;
      button.title = label ? `${act} ${label}` : "";
    }
  }
}
