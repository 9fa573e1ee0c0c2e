// A pick that somebody else has changed meanwhile: both versions, and the choice.

import { copied } from "./track.js";

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
  const made = copied("conflict-row").firstElementChild;
  const [label, ...cells] = made.children;
  made.classList.toggle("differs", String(mine ?? "") !== String(theirs ?? ""));
  label.textContent = name.replace("apparent_", "");
  [mine, theirs].forEach((value, i) => {
    cells[i].textContent = (typeof value === "number" ? `${Number(value.toFixed(4))}` : value) || "–";
  });
  return made;
}
