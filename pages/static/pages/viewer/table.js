// The table of the picks in the window; each row selects its pick.

import * as format from "./format.js";
import { shownDip } from "./picks.js";
import { element } from "./track.js";

export class Table {
  constructor(bench, aside) {
    Object.assign(this, { bench, rows: aside.querySelector("table.picks tbody") });
    this.count = aside.querySelector(".count");
    for (const what of ["picks", "window"]) bench.on(what, () => this.#later());
  }

  /** Once a frame at most. */
  #later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#fill(this.bench.picks.within(this.bench.scale));
    });
  }

  #fill(picks) {
    const { bench, rows } = this;
    const focused = rows.contains(document.activeElement) && document.activeElement.dataset.id;
    rows.replaceChildren(...picks.map((pick) => this.#row(pick)));
    if (focused) rows.querySelector(`[data-id="${focused}"]`)?.focus();
    const more = bench.picks.total > bench.picks.all.length;
    const words = more ? `; the first ${bench.picks.all.length} of ${bench.picks.total}` : "";
    this.count.textContent = `${picks.length} in the window${words}`;
  }

  #row(pick) {
    const row = element("tr", pick.id === this.bench.selected ? "selected" : "");
    const button = element("button", "row", { type: "button", "data-id": pick.id });
    button.textContent = format.depth(pick.depth, "", 0.01);
    button.setAttribute("aria-pressed", String(pick.id === this.bench.selected));
    const type = element("span", "type");
    type.textContent = this.bench.page.types.find((one) => one.name === pick.type)?.label ?? "";
    type.style.borderColor = this.bench.picks.colour(pick);
    const { dip, azimuth, known } = shownDip(pick);
    const cells = [button, type, `${format.angle(dip)}${known ? "" : " *"}`, format.angle(azimuth)];
    row.append(...cells.map((content) => {
      const cell = document.createElement("td");
      cell.append(content);
      return cell;
    }));
    row.addEventListener("click", () => this.bench.select(pick.id));
    return row;
  }
}
