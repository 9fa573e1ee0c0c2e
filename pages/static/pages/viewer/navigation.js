// What people do: pointers and the wheel move the window, what can be dragged, and picks; keys and
// buttons are commands.

import { Commands } from "./commands.js";
import { Readout } from "./readout.js";
import { pickPlane } from "./picks.js";
import { clamp, depthAt, xToAzimuth } from "./scales.js";

const CLICK = 4;
// Pixels from a sinusoid at which it is selected.
const NEAR = 6;
const LINE = 40;

export class Navigation {
  #pointers = new Map();
  #pressed = null;
  // What is being dragged: an element with a `grip`, which says what that does.
  #grip = null;
  #carried = null;

  constructor(bench, area) {
    Object.assign(this, { bench, area });
    this.commands = new Commands(bench);
    bench.readout = new Readout(bench);
    area.addEventListener("pointerleave", () => bench.readout.read(null));
    // A finger on a handle is not to scroll the tracks.
    const held = (event) => this.#pressed?.held && event.preventDefault();
    area.addEventListener("touchstart", held, { passive: false });
  }

  /** What has happened on the page, maybe while this was being fetched. */
  take(event) {
    const { type } = event;
    if (type in this.#does) this.#does[type](event);
    else this.commands[type](event);
  }

  #does = {
    wheel: (event) => this.#wheel(event),
    pointerdown: (event) => this.#down(event),
    pointermove: (event) => this.#move(event),
    pointerup: (event) => this.#up(event),
    pointercancel: (event) => this.#up(event),
    dragstart: (event) => this.#carry(event),
    dragover: (event) => this.#carried && event.preventDefault(),
    drop: (event) => this.#drop(event),
  };

  #wheel(event) {
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    event.preventDefault();
    const { scale } = this.bench;
    const pixels = event.deltaY * [1, LINE, scale.height][event.deltaMode];
    if (event.ctrlKey || event.metaKey) {
      const factor = 2 ** (clamp(pixels, -400, 400) / 200);
      this.bench.show(scale.zoomed(factor, this.#y(event.clientY)));
    } else this.bench.show(scale.panned(pixels));
    this.bench.save();
  }

  /** The pixel of the walls at a height of the screen. */
  #y(clientY) {
    return clientY - this.bench.elements.axis.getBoundingClientRect().top;
  }

  /** The track and the place of it under a pointer, or null. */
  #place(event) {
    const track = this.#pressed?.track ?? event.target.closest?.(".body")?.parentElement.track;
    if (!track) return null;
    const box = track.body.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const depth = this.bench.scale.depth(y);
    const wall = track.spec.kind === "image" && !track.axis;
    const azimuth = wall ? xToAzimuth(x, track.turn, box.width) : undefined;
    return { track, x, y, width: box.width, depth, azimuth };
  }

  #down(event) {
    const { target, pointerId } = event;
    const held = target.closest("[role=separator], [role=slider], [role=scrollbar]");
    if (event.button || !(held?.grip || target.closest(".body"))) return;
    capture(target, pointerId);
    if (held?.grip) this.#grasp(event, held);
    else this.#press(event);
  }

  #grasp(event, element) {
    event.preventDefault();
    element.focus();
    const { grip } = element;
    this.#grip = { pointerId: event.pointerId, drag: grip.drag, start: { x: event.clientX } };
    grip.press?.(event);
  }

  #press(event) {
    this.#pointers.set(event.pointerId, event);
    const place = this.#place(event);
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
    if (this.#grip?.pointerId === event.pointerId) return this.#grip.drag(event, this.#grip.start);
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
    const middle = this.#y((before.clientY + still) / 2);
    const zoomed = this.bench.scale.zoomed(apart(before.clientY) / apart(event.clientY), middle);
    this.bench.show(zoomed.panned((before.clientY - event.clientY) / 2));
  }

  #up(event) {
    if (this.#grip?.pointerId === event.pointerId) {
      this.#grip = null;
      return this.bench.save();
    }
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
    const wall = place.azimuth !== undefined && this.#sinusoid(place);
    const pick = track.hit?.(x, y, width) ?? wall;
    this.bench.select(pick ? pick.id : null);
  }

  /** The pick whose sinusoid passes a place of an image. */
  #sinusoid({ track, azimuth, depth }) {
    const { picks, scale } = this.bench;
    const away = (pick) => Math.abs(depthAt(pickPlane(pick), azimuth) - depth) / scale.perPixel;
    const near = picks.onWall(scale, track.log).filter((pick) => away(pick) <= NEAR);
    return near.toSorted((a, b) => away(a) - away(b))[0];
  }

  /** The name of a track is carried to another track. */
  #carry(event) {
    if (!event.target.matches(".head .name")) return;
    event.dataTransfer.setData("text/plain", event.target.textContent);
    this.#carried = event.target.closest(".track").track;
  }

  #drop(event) {
    const onto = event.target.closest(".track")?.track;
    if (!this.#carried) return;
    event.preventDefault();
    if (onto) this.bench.arrange("drop", this.#carried, onto);
    this.#carried = null;
  }
}

/** What follows of a pointer goes to the target, unless the pointer was lifted meanwhile. */
function capture(target, pointerId) {
  try {
    target.setPointerCapture(pointerId);
  } catch (error) {
    if (error.name !== "NotFoundError") throw error;
  }
}
