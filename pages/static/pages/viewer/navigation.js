// How the window is moved: wheel, drag, pinch and keys.

import { xToAzimuth } from "./scales.js";

const CLICK = 4;
const ZOOM = 1.25;
const LINE = 40;

export class Navigation {
  #pointers = new Map();
  #pressed = null;

  constructor(bench, area) {
    this.bench = bench;
    area.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    area.addEventListener("pointerdown", (event) => this.#down(event));
    area.addEventListener("pointermove", (event) => this.#move(event));
    area.addEventListener("pointerleave", () => bench.readout.read(null));
    for (const type of ["pointerup", "pointercancel"]) {
      area.addEventListener(type, (event) => this.#up(event));
    }
    // A finger on a handle is not to scroll the tracks.
    const held = (event) => this.#pressed?.held && event.preventDefault();
    area.addEventListener("touchstart", held, { passive: false });
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  #wheel(event) {
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    const pixels = event.deltaY * [1, LINE, this.bench.scale.height][event.deltaMode];
    const { scale } = this.bench;
    if (event.ctrlKey || event.metaKey) {
      const factor = 2 ** (Math.min(Math.max(pixels, -400), 400) / 200);
      this.bench.show(scale.zoomed(factor, this.#y(event)));
    } else this.bench.show(scale.panned(pixels));
    this.bench.save();
  }

  #y(event) {
    return event.clientY - this.bench.wallTop();
  }

  /** The track and the place of it under a pointer, or null. */
  #place(event) {
    const body = event.target.closest?.(".body") ?? this.#pressed?.track?.body;
    const track = this.#pressed?.track ?? body?.track;
    if (!track) return null;
    const box = track.body.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const depth = this.bench.scale.depth(y);
    const wall = track.spec.kind === "image";
    const azimuth = wall ? xToAzimuth(x, track.turn, box.width) : undefined;
    return { track, x, y, width: box.width, depth, azimuth };
  }

  #down(event) {
    if (event.button || !event.target.closest(".body")) return;
    this.#pointers.set(event.pointerId, event);
    const place = this.#place(event);
    event.target.setPointerCapture(event.pointerId);
    if (this.#pointers.size > 1) {
      this.#pressed = null;
      return;
    }
    const picker = this.bench.editor?.picker;
    const wall = place.azimuth !== undefined;
    if (wall) this.bench.focused = place.track;
    const taken = wall && picker?.down(place, event.pointerType !== "mouse");
    const held = taken && picker.held;
    this.#pressed = { x: event.clientX, y: event.clientY, at: event.clientY, track: place.track, taken, held };
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    const pressed = this.#pressed;
    if (before && this.#pointers.size === 2) this.#pinch(event, before);
    if (before) this.#pointers.set(event.pointerId, event);
    const place = this.#place(event);
    if (!pressed) return this.bench.readout.read(before ? null : place);
    const away = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y);
    if (away > CLICK) pressed.moved = true;
    if (pressed.held) this.bench.editor.picker.drag(place);
    else if (pressed.moved) {
      this.bench.show(this.bench.scale.panned(pressed.at - event.clientY));
      pressed.at = event.clientY;
    }
    return this.bench.readout.read(place);
  }

  /** Two fingers: zoom about their middle, and pan with it. */
  #pinch(event, before) {
    const [other] = [...this.#pointers.entries()].filter(([id]) => id !== event.pointerId);
    const still = other[1].clientY;
    const apart = (y) => Math.max(Math.abs(y - still), 10);
    const middle = (before.clientY + still) / 2 - this.bench.wallTop();
    const zoomed = this.bench.scale.zoomed(apart(before.clientY) / apart(event.clientY), middle);
    this.bench.show(zoomed.panned((before.clientY - event.clientY) / 2));
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    const pressed = this.#pressed;
    const place = this.#place(event);
    this.#pressed = null;
    if (pressed?.held && event.type === "pointercancel") this.bench.editor.picker.drop();
    if (!pressed || event.type === "pointercancel") return this.bench.save();
    if (pressed.taken) this.bench.editor.picker.up(place, pressed.moved);
    else if (!pressed.moved) this.#click(place);
    return this.bench.save();
  }

  #click(place) {
    const { track, x, y, width } = place;
    const wall = place.azimuth !== undefined && this.bench.picks.hit(place);
    const pick = track.hit?.(x, y, width) ?? wall;
    this.bench.select(pick ? pick.id : null);
  }

  #key(event) {
    if (event.target.closest("input, select, textarea, dialog, summary, [role=slider]")) {
      if (event.key !== "Escape") return;
    }
    if (this.#shortcut(event)) event.preventDefault();
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
    else if (event.key in this.#actions && !onButton) this.#actions[event.key]();
    else return false;
    return true;
  }

  #actions = {
    ArrowUp: () => this.#go((scale) => scale.panned(-LINE)),
    ArrowDown: () => this.#go((scale) => scale.panned(LINE)),
    PageUp: () => this.#go((scale) => scale.panned(-scale.height * 0.9)),
    PageDown: () => this.#go((scale) => scale.panned(scale.height * 0.9)),
    Home: () => this.#go((scale) => scale.centred(this.bench.limits.top + scale.span / 2)),
    End: () => this.#go((scale) => scale.centred(this.bench.limits.base - scale.span / 2)),
    "+": () => this.zoom(1 / ZOOM),
    "=": () => this.zoom(1 / ZOOM),
    "-": () => this.zoom(ZOOM),
    g: () => this.bench.askDepth(),
    p: () => this.bench.edit().then((editor) => editor?.picker.toggle()),
    Escape: () => this.bench.editor?.escape(),
    Delete: () => this.bench.editor?.removeSelected(),
    "?": () => document.getElementById("keys").showModal(),
  };

  zoom(factor) {
    this.#go((scale) => scale.zoomed(factor));
  }

  #go(move) {
    this.bench.show(move(this.bench.scale));
    this.bench.save();
  }
}
