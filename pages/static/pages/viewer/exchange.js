// Picks from a file, with a preview before anything is kept.

import { depth } from "./format.js";
import { send } from "./service.js";
import { copied } from "./track.js";

export class Import {
  constructor(bench, dialog) {
    Object.assign(this, { bench, dialog, form: dialog.querySelector("form") });
    this.outcome = dialog.querySelector(".outcome");
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.value === "cancel") return;
      event.preventDefault();
      this.#send(event.submitter.value === "preview");
    });
    this.form.addEventListener("change", () => this.outcome.replaceChildren());
  }

  open() {
    this.outcome.replaceChildren();
    this.form.reset();
    this.dialog.showModal();
  }

  async #send(preview) {
    const body = new FormData(this.form);
    body.append("well", this.bench.well.id);
    if (preview) body.append("preview", "true");
    this.outcome.textContent = "Reading…";
    try {
      const answer = await (await send("POST", "/dips/import", { body })).json();
      this.#tell(answer, preview);
      if (preview || answer.total_errors) return;
      if (answer.count) this.bench.picks.extend(answer.top, answer.base);
      await this.bench.picks.load(true);
    } catch (error) {
      this.outcome.replaceChildren(paragraph(`Nothing was imported: ${error.message}`));
      this.#list(error.document?.errors ?? []);
    }
  }

  #tell(answer, preview) {
    const { count, errors, total_errors: faults, warnings, created } = answer;
    const there = preview ? "can be imported" : created ? "imported" : "already there";
    const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
    const words = faults
      ? `Nothing can be imported: ${counted(faults, "fault")}.`
      : `${counted(count, "pick")} ${there}.`;
    const found = preview && count ? understood(answer) : [];
    this.outcome.replaceChildren(...[words, ...found, ...warnings].map(paragraph));
    this.#list(errors);
  }

  /** A table of what was refused. */
  #list(errors) {
    if (!errors.length) return;
    this.outcome.append(copied("import-faults"));
    for (const { line, column, value, reason } of errors) {
      const row = this.outcome.querySelector("tbody").insertRow();
      for (const text of [line, column, value, reason]) row.insertCell().textContent = text ?? "–";
    }
  }
}

/** How a file is read, in sentences: where its picks are, its columns, its dips beside ours. */
function understood({ top, base, depth_unit: unit, columns, ignored, differences }) {
  const names = (of) => of.map((name) => name.replaceAll("_", " ")).join(", ");
  const taken = Object.entries(columns).map(
    ([name, column]) => (name === column ? names([name]) : `${column} (${names([name])})`),
  );
  const apart = Object.entries(differences).map(
    ([name, degrees]) => `${names([name])} ${Number(degrees.toPrecision(1))}°`,
  );
  return [
    `They lie from ${depth(top, "")} to ${depth(base, unit)}.`,
    `Columns: ${taken.join(", ")}.`,
    ignored.length && `Not used: ${ignored.join(", ")}.`,
    apart.length && `The dips of the file differ from those computed by at most: ${apart.join(", ")}.`,
  ].filter(Boolean);
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}
