// Several files by choosing or dropping: each is looked at first, with the choices that it leaves,
// then stored, with a bar of its own. Without this script the form sends one file and the answer
// is a page.
import { send } from "./sending.js";

const form = document.getElementById("add-logs");
const list = document.getElementById("uploads");
const input = form.elements.file;
const button = form.querySelector("form > button");
const choices = form.querySelector(".choices");
const entries = [];
let numbered = 0;
const SHOWN = 200;
// More lines than these scroll.
const LINES = 12;

input.multiple = true;
form.classList.add("drop");
const hint = document.createElement("p");
hint.className = "hint";
hint.textContent = "Or drop files here. Each is looked at before anything is stored.";
input.after(hint);
// Each file has its own.
choices.remove();

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  parent?.append(made);
  return made;
}

const sentence = (text) => text && text[0].toUpperCase() + text.slice(1);
const counted = (number, word) => `${number.toLocaleString()} ${word}${number === 1 ? "" : "s"}`;
const tenths = { maximumFractionDigits: 1 };
const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString(undefined, tenths)} MB`;

/** The choices of a file: a copy of those in the form, with names of its own. */
function choicesOf(entry) {
  const copy = choices.cloneNode(true);
  numbered += 1;
  for (const attribute of ["id", "for", "aria-describedby"]) {
    for (const found of copy.querySelectorAll(`[${attribute}]`)) {
      found.setAttribute(attribute, `${found.getAttribute(attribute)}-${numbered}`);
    }
  }
  const again = element("button", "Look again with these choices", copy);
  again.type = "button";
  again.className = "quiet";
  again.addEventListener("click", () => look(entry));
  copy.hidden = true;
  return copy;
}

function filled(entry, preview) {
  const body = new FormData();
  const well = entry.well?.value || form.elements.well.value.trim();
  if (well) body.append("well", well);
  for (const field of entry.choices.querySelectorAll("input, select")) {
    if (field.value.trim()) body.append(field.name, field.value.trim());
  }
  const columns = preview ? "" : chosen(entry);
  if (columns) body.set("columns", columns);
  if (preview) body.append("preview", "true");
  body.append("file", entry.file);
  return body;
}

async function sent(entry, preview) {
  const { bar, state } = entry;
  bar.hidden = false;
  state.textContent = "The file is being sent…";
  entry.busy = true;
  const onBytes = (bytes, all) => {
    bar.max = all;
    bar.value = bytes;
    state.textContent = `${megabytes(bytes)} of ${megabytes(all)} sent…`;
  };
  const onRows = (rows) => {
    // How many there are is known once the file has been looked at.
    if (rows && entry.rows) Object.assign(bar, { max: entry.rows, value: rows });
    else bar.removeAttribute("value");
    const all = entry.rows ? ` of ${entry.rows.toLocaleString()}` : "";
    state.textContent = rows
      ? `${rows.toLocaleString()}${all} rows read…`
      : "The file is being read…";
  };
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await send(form.dataset.logs, token, filled(entry, preview), onBytes, onRows);
  entry.busy = false;
  bar.hidden = true;
  return answer;
}

function described(log) {
  const unit = log.unit ? ` [${log.unit}]` : "";
  const kind = log.width === 1 ? "curve" : `${log.width} wide`;
  const depths = `${log.depth_min} – ${log.depth_max}${log.depth_unit ? ` ${log.depth_unit}` : ""}`;
  const nulls = log.nulls ? `, ${counted(log.nulls, "null")}` : "";
  return `${log.name}${unit}: ${kind}, ${counted(log.rows, "row")}, ${depths}${nulls}`;
}

/** Names of the logs to take, as the option ``columns``; nothing where all are taken. */
function chosen(entry) {
  const boxes = [...entry.facts.querySelectorAll("input")];
  const taken = boxes.filter((box) => box.checked).map((box) => box.value);
  return taken.length < boxes.length ? taken.join(",") : "";
}

function listed(entry, found, choosable) {
  for (const log of found.slice(0, SHOWN)) {
    const item = element("li", "", entry.facts);
    const label = choosable ? element("label", "", item) : item;
    if (choosable) {
      const box = element("input", "", label);
      Object.assign(box, { type: "checkbox", checked: true, value: log.name });
    }
    label.append(described(log));
  }
  if (found.length > SHOWN) element("li", `and ${found.length - SHOWN} more`, entry.facts);
}

function show(entry, { ok, answer }, stored) {
  entry.facts.replaceChildren();
  entry.done = ok;
  entry.row.classList.toggle("bad", !ok);
  entry.choices.hidden = stored && ok;
  if (!ok) {
    entry.state.textContent = sentence(answer.detail ?? answer.title);
    if (answer.wells) chooseWell(entry, answer.wells);
    else entry.choices.open = true;
    return;
  }
  const found = [...answer.logs, ...answer.curves];
  const known = found.filter((log) => !log.created).length;
  entry.rows = Math.max(0, ...found.map((log) => log.rows));
  entry.state.textContent = stored
    ? `Stored: ${counted(found.length, "log")}${known ? `, ${known} of them already there` : ""}.`
    : `${sentence(answer.format)}: ${counted(found.length, "log")} found; not stored yet.`;
  const separable = found.length <= SHOWN && found.every((log) => !log.name.includes(","));
  listed(entry, found, !stored && found.length > 1 && separable);
  for (const warning of answer.warnings) {
    element("li", sentence(warning.detail), entry.facts).className = "warning";
  }
  if (answer.ignored.length) {
    const columns = answer.ignored.slice(0, SHOWN).map((one) => one.column || "a column");
    element("li", `Left out: ${columns.join(", ")}`, entry.facts);
  }
  if (entry.facts.children.length > LINES) entry.facts.tabIndex = 0;
  if (stored) linked(entry, found[0].well);
}

/** Asks which well to take of a file that holds several, and looks again once one is chosen. */
function chooseWell(entry, wells) {
  entry.state.textContent = `The file holds logs of ${wells.length} wells, of which one is taken.`;
  if (entry.well) return;
  const label = element("label", "Well to take ");
  entry.well = element("select", "", label);
  for (const well of ["", ...wells]) entry.well.add(new Option(well || "Choose…", well));
  entry.well.addEventListener("change", () => look(entry));
  entry.state.after(label);
}

function linked(entry, well) {
  entry.removal.remove();
  const link = element("a", `Open well ${well} in the workbench`, element("p", "", entry.row));
  link.href = `/view/${well.split("/").map(encodeURIComponent).join("/")}/`;
}

async function look(entry) {
  button.disabled = true;
  show(entry, await sent(entry, true), false);
  button.disabled = false;
}

async function add(file) {
  const row = element("li", "", list);
  const entry = { file, row, name: element("strong", file.name, row), done: false };
  entry.removal = element("button", "Remove", row);
  Object.assign(entry.removal, { type: "button", className: "quiet" });
  entry.removal.setAttribute("aria-label", `Remove ${file.name}`);
  entry.removal.addEventListener("click", () => {
    if (entry.busy) return;
    entries.splice(entries.indexOf(entry), 1);
    row.remove();
    list.hidden = input.required = !entries.length;
    input.focus();
  });
  entry.bar = element("progress", "", row);
  entry.bar.setAttribute("aria-label", `Progress of ${file.name}`);
  entry.state = element("p", "", row);
  entry.state.setAttribute("role", "status");
  entry.facts = element("ul", "", row);
  entries.push(entry);
  entry.facts.setAttribute("aria-label", `Found in ${file.name}`);
  entry.choices = choicesOf(entry);
  row.append(entry.choices);
  list.hidden = false;
  await look(entry);
}

async function addAll(files) {
  for (const file of files) await add(file);
  input.value = "";
  input.required = !entries.length;
}

async function store() {
  button.disabled = true;
  for (const entry of entries.filter((one) => one.done && !one.stored)) {
    const answer = await sent(entry, false);
    show(entry, answer, true);
    entry.stored = answer.ok;
  }
  button.disabled = false;
  if (entries.some((entry) => entry.stored) && !document.getElementById("again")) {
    const link = element("a", "Show the page with what was added", element("p", "", form));
    Object.assign(link, { id: "again", href: location.href });
  }
}

input.addEventListener("change", () => addAll([...input.files]));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  store();
});
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", (event) => {
  event.preventDefault();
  addAll([...event.dataTransfer.files]);
});
// In the middle: something is on its way, or was looked at and not stored.
window.addEventListener("beforeunload", (event) => {
  if (entries.some((entry) => entry.busy || (entry.done && !entry.stored))) event.preventDefault();
});
