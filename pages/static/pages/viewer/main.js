// What the page begins with: the workbench, its table and its buttons.

import { readTrack } from "./address.js";
import { fetched, said } from "./api.js";
import { Navigation } from "./navigation.js";
import { Workbench } from "./workbench.js";

const PICKS_WAIT = 200;
const get = (id) => document.getElementById(id);

const page = JSON.parse(get("well-data").textContent);
const names = ["axis", "overview", "tracks", "readout", "status"];
const elements = Object.fromEntries(names.map((name) => [name, get(name)]));
get("workbench").hidden = false;
const bench = new Workbench(page, { ...elements, page: get("workbench") });
const navigation = new Navigation(bench, get("area"));
window.bench = bench;

/** A dialog of its own module, made when it is first opened. */
function dialog(id, file, name) {
  let made;
  return async (...of) => {
    const module = await fetched(bench, () => import(file));
    if (!module) return;
    made ??= new module[name](bench, get(id));
    made.open(...of);
  };
}

async function share(act) {
  (await fetched(bench, () => import("./share.js")))?.[act](bench);
}

bench.settings = dialog("settings", "./settings.js", "Settings");

bench.askDepth = () => {
  get("depth").focus();
  get("depth").select();
};

get("go").addEventListener("submit", (event) => {
  event.preventDefault();
  const depth = Number(get("depth").value.replace(",", "."));
  if (get("depth").value.trim() === "" || !Number.isFinite(depth)) {
    bench.say("A depth is a number.", true);
    return;
  }
  bench.show(bench.scale.centred(depth));
  bench.save();
  get("depth").blur();
});

const ACTS = {
  in: () => navigation.zoom(0.5),
  out: () => navigation.zoom(2),
  whole: () => {
    bench.showWhole();
    bench.save();
  },
  pick: async () => (await bench.edit())?.picker.toggle(),
  undo: () => bench.editor.undo(),
  redo: () => bench.editor.redo(),
  link: () => share("copyLink"),
  picture: () => share("savePicture"),
  import: dialog("importing", "./exchange.js", "Import"),
  keys: () => get("keys").showModal(),
};
for (const button of document.querySelectorAll("button[data-do]")) {
  button.addEventListener("click", () => ACTS[button.dataset.do]());
}

/** Bring the pick of the address into the window, wherever it is. */
async function reveal() {
  const pick = bench.selected && (await bench.picks.fetch(bench.selected));
  if (pick) bench.follow(pick);
  else if (bench.selected) bench.select(null);
}

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

get("add").addEventListener("change", () => {
  bench.arrange("add", readTrack(get("add").value));
  get("add").value = "";
});
bench.open();
reveal().catch((error) => bench.say(`The pick was not loaded: ${said(error)}`, true));
