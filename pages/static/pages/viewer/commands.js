// What people ask for by a key or a button.

import { readTrack } from "./address.js";
import { DepthScale } from "./scales.js";
import { fetched } from "./service.js";

const ZOOM = 1.25;
// Pixels that an arrow key moves the window by, and the part of the window of a page.
const LINE = 40;
const PAGE = 0.9;
// A pixel of the page is 1/96 inch.
const METRES_PER_PIXEL = 0.0254 / 96;
const METRES = { m: 1, ft: 0.3048 };
const FIELDS = "input, select, textarea, dialog, summary, [role=slider]";
const ARROWS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const get = (id) => document.getElementById(id);

export class Commands {
  constructor(bench) {
    this.bench = bench;
    this.settings = this.#dialog("settings", "./settings.js", "Settings");
    this.import = this.#dialog("importing", "./exchange.js", "Import");
    bench.on("window", () => this.#showRatio());
    this.#showRatio();
  }

  click({ target }) {
    const button = target.closest("#workbench button[data-do]");
    if (button) return this.#acts[button.dataset.do]();
    return target.closest(".head .name") && this.settings(target.closest(".track").track);
  }

  /** A track was chosen from the list, or a scale. */
  change({ target }) {
    if (target.id === "add") this.bench.arrange("add", readTrack(target.value));
    else if (target.id === "ratio") this.#go((scale) => scale.zoomed(target.value / this.#ratio));
    else return;
    target.value = "";
  }

  /** How much longer the hole is than what shows it, as in a scale of 1:200. */
  get #ratio() {
    const { scale, unit } = this.bench;
    return (scale.perPixel * METRES[unit]) / METRES_PER_PIXEL;
  }

  #showRatio() {
    const now = get("ratio")?.options[0];
    const words = now && `1:${Number(this.#ratio.toPrecision(this.#ratio < 100 ? 2 : 3))}`;
    // The same words again would lay the page out anew.
    if (now && now.textContent !== words) now.textContent = words;
  }

  /** A depth was typed in. */
  submit(event) {
    if (event.target.id !== "go") return;
    event.preventDefault();
    const field = get("depth");
    const depth = Number(field.value.replace(",", "."));
    if (field.value.trim() === "" || !Number.isFinite(depth)) {
      this.bench.say("A depth is a number.", true);
      return;
    }
    this.#go((scale) => scale.centred(depth));
    field.blur();
  }

  keydown(event) {
    const { target } = event;
    if (this.#arrow(event) || (this.#mine(target, event.key) && this.#shortcut(event))) {
      event.preventDefault();
    }
  }

  /** Whether a key is for the workbench, not for what has the focus; Escape closes dialogs. */
  #mine(target, key) {
    return !target.closest(key === "Escape" ? "dialog" : FIELDS);
  }

  /** Arrow keys on what can be dragged, with Alt on the name of a track; false elsewhere. */
  #arrow({ target, key, altKey }) {
    const by = ARROWS[key];
    const name = altKey && target.closest(".head .name");
    if (by && name) {
      const move = this.bench.arrange("move", target.closest(".track").track, by);
      move.then(() => name.focus());
    } else if (by && !altKey && target.grip?.step) {
      target.grip.step(by);
      this.bench.save();
    } else return false;
    return true;
  }

  /** Do what a key says; false where it says nothing. */
  #shortcut(event) {
    const { bench } = this;
    const { editor } = bench;
    if (event.ctrlKey || event.metaKey) {
      const way = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
      if (way) editor?.[way]();
      return !!way;
    }
    if (event.altKey) return false;
    const onButton = event.target.closest("button, a") && [" ", "Enter"].includes(event.key);
    if (editor?.picker.active && !onButton && editor.picker.key(event)) return true;
    const type = bench.page.types.find((one) => one.key === event.key);
    if (type) bench.edit().then((loaded) => loaded?.choose({ type: type.name }));
    else if (event.key in this.#keys && !onButton) this.#keys[event.key]();
    else return false;
    return true;
  }

  #acts = {
    in: () => this.#go((scale) => scale.zoomed(0.5)),
    out: () => this.#go((scale) => scale.zoomed(2)),
    whole: () => this.#go(({ height }) => DepthScale.on(this.bench.well, height)),
    pick: async () => (await this.bench.edit())?.picker.toggle(),
    next: () => this.bench.editor.picker.reset(),
    undo: () => this.bench.editor.undo(),
    redo: () => this.bench.editor.redo(),
    link: () => this.#share("copyLink"),
    picture: () => this.#share("savePicture"),
    import: () => this.import(),
    keys: () => get("keys").showModal(),
  };

  #keys = {
    ArrowUp: () => this.#go((scale) => scale.panned(-LINE)),
    ArrowDown: () => this.#go((scale) => scale.panned(LINE)),
    PageUp: () => this.#go((scale) => scale.panned(-scale.height * PAGE)),
    PageDown: () => this.#go((scale) => scale.panned(scale.height * PAGE)),
    Home: () => this.#go((scale) => scale.centred(this.bench.well.top + scale.span / 2)),
    End: () => this.#go((scale) => scale.centred(this.bench.well.base - scale.span / 2)),
    "+": () => this.#go((scale) => scale.zoomed(1 / ZOOM)),
    "=": () => this.#go((scale) => scale.zoomed(1 / ZOOM)),
    "-": () => this.#go((scale) => scale.zoomed(ZOOM)),
    g: () => {
      get("depth").focus();
      get("depth").select();
    },
    p: () => this.#acts.pick(),
    Escape: () => this.bench.editor?.escape(),
    Delete: () => this.bench.editor?.removeSelected(),
    h: () => this.#hide(),
    n: () => this.#next(1),
    N: () => this.#next(-1),
    "?": () => this.#acts.keys(),
  };

  #go(move) {
    this.bench.show(move(this.bench.scale));
    this.bench.save();
  }

  /** Hide the picks on the walls, or show them again. */
  #hide() {
    const { bench } = this;
    bench.picks.bare = !bench.picks.bare;
    bench.say(bench.picks.bare ? "The picks on the images are hidden; h shows them again." : "");
    bench.redraw();
  }

  /** Select the pick that is next down the hole, or up. */
  async #next(step) {
    (await fetched(this.bench, () => import("./neighbours.js")))?.select(this.bench, step);
  }

  /** A dialog of its own module, made when it is first opened. */
  #dialog(id, file, name) {
    let made;
    return async (...of) => {
      const module = await fetched(this.bench, () => import(file));
      if (!module) return;
      made ??= new module[name](this.bench, get(id));
      made.open(...of);
    };
  }

  async #share(act) {
    (await fetched(this.bench, () => import("./share.js")))?.[act](this.bench);
  }
}
