// Picking: points on the wall become a sinusoid, which then has three handles.

import { dragged, fit, handles } from "./fitting.js";
import { azimuthToX, turned } from "./scales.js";
import { drawTrace, fits, pickPlane } from "./picks.js";

const GRIP = 7;
const TOUCH_GRIP = 16;
// By each key the cross-hair goes so many degrees or pixels.
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FASTER = 10;

export class Picker {
  constructor(bench, editor) {
    Object.assign(this, { bench, editor });
    this.active = false;
    this.points = [];
    this.made = {};
    this.saving = Promise.resolve();
    bench.on("window", () => this.active && this.#bringCross());
  }

  /** Begin or end to pick. */
  toggle(on = !this.active) {
    if (on && !this.editor.mayPick()) return;
    if (on && !this.bench.imageTrack()) {
      this.bench.say("Planes are picked on an image of the wall: add one as a track.", true);
      return;
    }
    this.active = on;
    this.reset();
    if (this.active) {
      this.#bringCross();
      this.bench.imageTrack()?.body.focus({ preventScroll: true });
    }
    this.bench.say(this.hint);
    this.bench.changed("mode");
  }

  /** What to do now, while somebody picks. */
  get hint() {
    if (!this.active) return "";
    const hint = "Picking: put three points or more on the plane.";
    const keys = "Or by keys: arrows, Space, Backspace; Enter begins the next plane.";
    return matchMedia("(any-hover: hover)").matches ? `${hint} ${keys}` : hint;
  }

  /** Forget the points; what was saved stays. */
  reset() {
    this.points = [];
    this.plane = null;
    this.made = {};
    this.pick = null;
    this.held = null;
    this.bench.changed("plane");
  }

  /** A place was pressed: true where picking takes it. */
  down(place, touch) {
    const reach = touch ? TOUCH_GRIP : GRIP;
    const selected = this.bench.picks.find(this.bench.selected);
    this.held = onWall(selected) && this.#handleAt(pickPlane(selected), place, reach);
    if (this.held && !this.editor.mayPick()) this.held = null;
    return Boolean(this.held) || this.active;
  }

  /** The pressed place moved. */
  drag(place) {
    if (!this.held) return;
    this.pick ??= this.bench.picks.find(this.bench.selected);
    // Of a plane that was fitted, what is left of its points is not kept.
    const { residual, ...plane } = this.plane ?? pickPlane(this.pick);
    this.plane = dragged(plane, this.held, place);
    this.bench.changed("plane");
  }

  /** Leave the handle, and the plane where it was. */
  drop() {
    this.held = this.plane = this.pick = null;
    this.bench.changed("plane");
  }

  /** The pressed place was let go; `moved` is whether it had been dragged. */
  async up(place, moved) {
    const held = this.held && moved;
    this.held = null;
    if (!held) return this.active && !moved ? this.add(place) : undefined;
    const { plane, pick } = this;
    this.points = [];
    this.pick = null;
    await this.#save({ ...plane, type: pick.type }, () => this.editor.edits.change(pick, plane));
    if (this.plane === plane) this.plane = null;
    return this.bench.changed("plane");
  }

  /** One more point. From the third one on the plane is kept, and kept again with each. */
  add({ depth, azimuth }) {
    if (!this.points.length) this.bench.select(null);
    this.points = [...this.points, { depth, azimuth: turned(azimuth) }];
    return this.#refit();
  }

  back() {
    this.points = this.points.slice(0, -1);
    return this.#refit();
  }

  #refit() {
    const plane = fit(this.points);
    this.plane = plane;
    this.bench.changed("plane");
    if (!plane) return this.saving;
    // By the time that it is saved, somebody may be at the next plane, or on another log.
    const { points, made, editor, bench } = this;
    const fields = { well: bench.well.id, log: bench.imageTrack().log.id, points, ...editor.chosen };
    bench.picks.unsaved.delete(made.shown);
    made.shown = { ...plane, type: fields.type };
    return this.#save(made.shown, async () => {
      const { edits } = editor;
      const before = made.pick && (bench.picks.find(made.pick.id) ?? made.pick);
      made.pick = await (before ? edits.change(before, { points }) : edits.create(fields));
      if (this.points === points) bench.select(made.pick.id);
    });
  }

  /** Save after what is being saved, and show the plane until then; what is refused is said. */
  #save(plane, work) {
    const { bench, editor } = this;
    bench.picks.unsaved.add(plane);
    this.saving = this.saving.then(work).catch(async (error) => {
      // More points would change a pick that is not there.
      if (error.name === "dip-not-found" && this.made.shown === plane) this.reset();
      await editor.refused(error);
    }).finally(() => {
      bench.picks.unsaved.delete(plane);
      bench.redraw();
    });
    return this.saving;
  }

  /** Where the window has left the cross-hair, it goes to the middle. */
  #bringCross() {
    const { top, base } = this.bench.scale;
    const { azimuth = 180, depth } = this.cross ?? {};
    if (!(depth >= top && depth <= base)) this.cross = { azimuth, depth: (top + base) / 2 };
  }

  /** Move the cross-hair by a key; false where the key is another one. */
  key(event) {
    const step = event.shiftKey ? FASTER : 1;
    const move = MOVES[event.key];
    if (move) {
      const { azimuth, depth } = this.cross;
      const down = step * move[1] * this.bench.scale.perPixel;
      this.cross = { azimuth: turned(azimuth + step * move[0]), depth: depth + down };
      this.editor.bring(this.cross.depth);
      this.bench.redraw();
      this.bench.readout.readCross(this.cross);
    } else if (event.key === " ") this.add(this.cross);
    else if (event.key === "Backspace") this.back();
    else if (event.key === "Enter") this.reset();
    else return false;
    return true;
  }

  draw(context, scale, width, track) {
    const { colours, picks, selected } = this.bench;
    const chosen = picks.find(selected);
    const of = chosen ?? { reference: this.bench.imageTrack()?.log.azimuth_reference };
    if (!fits(of, track.log)) return;
    const plane = this.plane ?? (onWall(chosen) && pickPlane(chosen));
    const colour = chosen ? picks.colour(chosen) : this.editor.colour;
    if (this.plane) {
      drawTrace(context, scale, width, track.turn, plane, colour, { halo: colours.page, width: 3 });
    }
    const at = ({ azimuth, depth }) => [azimuthToX(azimuth, track.turn, width), scale.y(depth)];
    if (plane && chosen) {
      for (const handle of handles(plane)) drawGrip(context, ...at(handle), handle.name, colours);
    }
    for (const point of this.points) drawPoint(context, ...at(point), colours);
    if (this.active && track === this.bench.imageTrack()) drawCross(context, ...at(this.cross), colours);
  }

  #handleAt(plane, place, reach) {
    const { scale } = this.bench;
    const found = handles(plane).find((handle) => {
      const turn = Math.abs(turned(handle.azimuth - place.azimuth + 180) - 180);
      const across = (turn / 360) * place.width;
      return Math.hypot(across, (handle.depth - place.depth) / scale.perPixel) <= reach;
    });
    return found?.name;
  }
}

/** Whether a pick is a sinusoid on the wall: a dip alone is none without a survey or a diameter. */
function onWall(pick) {
  return Boolean(pick) && pick.height !== null;
}

/** A handle: its shape says what it moves. */
function drawGrip(context, x, y, name, colours) {
  context.beginPath();
  if (name === "depth") context.rect(x - 5, y - 5, 10, 10);
  else if (name === "height") context.arc(x, y, 5.5, 0, 2 * Math.PI);
  else for (const [dx, dy] of [[-7, 0], [0, -6], [7, 0], [0, 6], [-7, 0]]) context.lineTo(x + dx, y + dy);
  Object.assign(context, { fillStyle: colours.page, strokeStyle: colours.text, lineWidth: 2 });
  context.fill();
  context.stroke();
}

function drawPoint(context, x, y, colours) {
  context.beginPath();
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: colours.text, strokeStyle: colours.page, lineWidth: 1.5 });
  context.fill();
  context.stroke();
}

function drawCross(context, x, y, colours) {
  for (const [colour, width] of [[colours.page, 4], [colours.text, 1.5]]) {
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [0, 1]]) {
      for (const side of [-1, 1]) {
        context.moveTo(x + side * 4 * dx, y + side * 4 * dy);
        context.lineTo(x + side * 14 * dx, y + side * 14 * dy);
      }
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.stroke();
  }
}
