// The types of the picks around the window: a legend whose buttons hide and show them.

// Milliseconds after which a window that moves is taken to rest.
const WAIT = 150;

export class TypeFilter {
  constructor(bench, aside) {
    Object.assign(this, { bench, group: aside.querySelector(".types") });
    bench.on("picks", () => this.#fill());
    bench.on("window", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#fill(), WAIT);
    });
    this.#fill();
  }

  #fill() {
    const { bench, group } = this;
    const { picks, scale, page, selected } = bench;
    // What somebody selects, or has just picked, is seen.
    picks.hidden.delete(picks.find(selected)?.type);
    // Who hides the last one sees all again: the service cannot be asked for picks of no type.
    if (page.types.every(({ name }) => picks.hidden.has(name))) picks.hidden.clear();
    const { top, base } = scale;
    const inside = picks.all.filter(({ depth }) => depth >= top && depth <= base);
    const count = (type) => inside.filter((pick) => pick.type === type).length;
    const present = page.types.filter(({ name }) => picks.hidden.has(name) || count(name));
    const words = present.map(({ name }) => `${name} ${count(name)} ${picks.hidden.has(name)}`).join();
    if (words === this.words) return;
    this.words = words;
    const focused = group.contains(document.activeElement) && document.activeElement.dataset.type;
    group.replaceChildren(...present.map((type) => this.#button(type, count(type.name))));
    if (focused) group.querySelector(`[data-type="${focused}"]`)?.focus();
  }

  #button({ name, label, colour }, count) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "type" });
    button.textContent = `${label} ${count}`;
    button.dataset.type = name;
    button.style.borderLeftColor = colour;
    button.ariaPressed = !this.bench.picks.hidden.has(name);
    button.addEventListener("click", () => this.#toggle(name));
    return button;
  }

  #toggle(name) {
    const { bench } = this;
    const { hidden } = bench.picks;
    if (!hidden.delete(name)) {
      hidden.add(name);
      if (bench.picks.find(bench.selected)?.type === name) bench.selected = null;
    }
    bench.changed("picks");
    bench.save();
  }
}

/** The parameter `type` of requests for the picks that are shown; nothing where all are. */
export function typesShown({ page, picks }) {
  const shown = page.types.map(({ name }) => name).filter((name) => !picks.hidden.has(name));
  return picks.hidden.size ? { type: shown.join() } : {};
}
