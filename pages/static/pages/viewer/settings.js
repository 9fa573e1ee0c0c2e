// The settings of a track, in a dialog beside it: what changes is seen at once.

import * as format from "./format.js";

export class Settings {
  constructor(bench, dialog) {
    Object.assign(this, { bench, dialog, form: dialog.querySelector("form") });
    this.form.addEventListener("input", () => this.#apply());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    dialog.addEventListener("close", () => this.track?.name.focus());
    dialog.addEventListener("click", (event) => this.#press(event.target.dataset?.act));
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close());
    this.#listMaps();
  }

  open(track) {
    this.track = track;
    const { spec } = track;
    this.dialog.querySelector("h2").textContent = track.title;
    const { elements } = this.form;
    elements.map.value = spec.map ?? this.bench.page.colormap;
    // Values have no range of their own as grays have.
    const grays = track.log?.values === "uint8";
    elements.stretch.options[0].hidden = !grays;
    const usual = spec.kind === "curve" ? "minmax" : grays ? "none" : "percentile";
    elements.stretch.value = spec.stretch ?? usual;
    elements.scale.value = spec.scale ?? track.log?.scale;
    elements.over.checked = spec.over;
    elements.turn.value = spec.turn ?? 0;
    elements.window.value = spec.window ?? "";
    elements.low.value = spec.range?.[0] ?? "";
    elements.high.value = spec.range?.[1] ?? "";
    [elements.low, elements.high].forEach((end, i) => {
      end.placeholder = track.range ? format.value(track.range[i], "") : "";
    });
    for (const field of this.form.querySelectorAll("[data-of]")) {
      field.hidden = !field.dataset.of.split(" ").includes(track.axis ? "spectrum" : spec.kind);
    }
    if (!this.dialog.open) this.dialog.show();
    this.dialog.querySelector("button").focus();
  }

  #apply() {
    const { spec } = this.track;
    const value = (name) => this.form.elements[name].value;
    const number = (name) => (value(name) === "" ? undefined : Number(value(name)));
    const stretched = value("stretch") !== (spec.stretch ?? value("stretch"));
    if (spec.kind === "image") spec.map = value("map");
    spec.stretch = value("stretch");
    spec.scale = value("scale");
    spec.turn = number("turn") || undefined;
    spec.window = number("window") > 0 ? number("window") : undefined;
    const [low, high] = [number("low"), number("high")];
    const inOrder = low < high || (spec.kind === "curve" && low > high);
    spec.range = inOrder && !stretched ? [low, high] : undefined;
    const { checked } = this.form.elements.over;
    if (checked !== Boolean(spec.over)) {
      spec.over = checked ? 1 : undefined;
      this.bench.arrange("move", this.track, 0);
    }
    this.track.restyled?.();
    this.bench.redraw();
    this.bench.save();
  }

  #press(act) {
    const { bench, track } = this;
    const acts = {
      close: () => this.dialog.close(),
      left: () => bench.arrange("move", track, -1),
      right: () => bench.arrange("move", track, 1),
      twice: () => bench.arrange("add", structuredClone(track.spec)),
      remove: () => {
        this.dialog.close();
        bench.arrange("remove", track);
      },
    };
    acts[act]?.();
  }

  #listMaps() {
    for (const [label, maps] of Object.entries(this.bench.page.colormaps)) {
      const group = Object.assign(document.createElement("optgroup"), { label });
      group.append(...maps.split(" ").map((name) => new Option(name)));
      this.form.elements.map.append(group);
    }
  }
}
