// What the page begins with: the workbench. Who handles what people do is fetched when they first do
// something, and is then told of it.

import { fetched } from "./service.js";
import { Workbench } from "./workbench.js";

const PICKS_WAIT = 200;
const HEARD = `pointerdown pointermove pointerup pointercancel dragstart dragover drop
  click change submit keydown`.split(/\s+/);
const get = (id) => document.getElementById(id);

const names = ["workbench", "area", "axis", "overview", "tracks", "readout", "status"];
const elements = Object.fromEntries(names.map((name) => [name, get(name)]));
const bench = new Workbench(JSON.parse(get("well-data").textContent), elements);
window.bench = bench;

const waiting = [];

async function hear(event) {
  if (bench.navigation) return bench.navigation.take(event);
  // What a browser does by itself cannot be held back later.
  if (event.type === "wheel" || event.type === "submit") event.preventDefault();
  // Of keys only the first: the next ones may be meant for the field that it opens.
  if (event.type === "keydown" && waiting.some(({ type }) => type === "keydown")) return;
  if (waiting.push(event) > 1) return;
  const module = await fetched(bench, () => import("./navigation.js"));
  if (module) bench.navigation = new module.Navigation(bench, elements.area);
  for (const one of waiting.splice(0)) bench.navigation?.take(one);
}

for (const type of HEARD) document.addEventListener(type, hear);
elements.area.addEventListener("wheel", hear, { passive: false });

// What lists picks is fetched when there are any.
let panel = null;
bench.on("picks", async () => {
  if (panel || !bench.picks.all.length) return;
  panel = fetched(bench, () => import("./panel.js"));
  const parts = await panel;
  if (!parts) panel = null;
  else for (const Part of [parts.Table, parts.Diagrams]) new Part(bench, get("panel"));
});

let loading = null;
bench.on("window", () => {
  clearTimeout(loading);
  loading = setTimeout(() => bench.picks.load(), PICKS_WAIT);
});
window.addEventListener("popstate", () => bench.open());
bench.open();
