// A pick that somebody else has changed meanwhile: both versions, and the choice.

import { element } from "./track.js";

const SHOWN = ["depth", "height", "apparent_azimuth", "type", "quality", "comment", "author"];

export class Conflict {
  constructor(dialog) {
    this.dialog = dialog;
    this.rows = dialog.querySelector("tbody");
  }

  /** Whether to keep `mine`; `fields` are those that I changed. */
  ask(mine, theirs, fields) {
    const values = { ...mine, apparent_azimuth: fields.azimuth ?? mine.apparent_azimuth };
    this.rows.replaceChildren(...SHOWN.map((name) => row(name, values[name], theirs[name])));
    this.dialog.returnValue = "";
    this.dialog.showModal();
    return new Promise((resolve) => {
      const closed = () => resolve(this.dialog.returnValue === "mine");
      this.dialog.addEventListener("close", closed, { once: true });
    });
  }
}

function row(name, mine, theirs) {
  const made = element("tr", String(mine ?? "") === String(theirs ?? "") ? "" : "differs");
  const label = element("th", "", { scope: "row" });
  label.textContent = name.replace("apparent_", "").replace("_", " ");
  made.append(label, ...[mine, theirs].map((value) => {
    const text = typeof value === "number" ? String(Number(value.toFixed(4))) : value;
    return Object.assign(document.createElement("td"), { textContent: text ?? "–" });
  }));
  return made;
}
