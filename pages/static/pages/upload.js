// Several files by choosing or dropping: each is looked at first, then stored, with a bar of its
// own. Without this script the form sends one file and the answer is a page.
const form = document.getElementById("add-logs");
const list = document.getElementById("uploads");
const input = form.elements.file;
const button = form.querySelector("button");
const entries = [];
const SHOWN = 20;

input.multiple = true;
form.classList.add("drop");
const hint = document.createElement("p");
hint.className = "hint";
hint.textContent = "Or drop files here.";
input.after(hint);

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  parent?.append(made);
  return made;
}

/** Send the file; resolves to the status and the answer, whatever they are. */
function send(entry, preview) {
  const body = new FormData();
  if (form.elements.well.value.trim()) body.append("well", form.elements.well.value.trim());
  const columns = preview ? "" : chosen(entry);
  if (columns) body.append("columns", columns);
  if (preview) body.append("preview", "true");
  body.append("file", entry.file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.logs);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => {
      entry.bar.max = event.total;
      entry.bar.value = event.loaded;
      if (event.loaded === event.total) {
        entry.bar.removeAttribute("value");
        entry.state.textContent = "The file is being read…";
      }
    });
    request.addEventListener("loadend", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { detail: "The server cannot be reached; send the file again." };
      }
      resolve({ ok: request.status === 200, answer });
    });
    entry.bar.hidden = false;
    entry.state.textContent = "The file is being sent…";
    request.send(body);
  });
}

const counted = (number, word) => `${number.toLocaleString()} ${word}${number === 1 ? "" : "s"}`;

function described(log) {
  const unit = log.unit ? ` [${log.unit}]` : "";
  const kind = log.width === 1 ? "curve" : `${log.width} wide`;
  const depths = `${log.depth_min} – ${log.depth_max} ${log.depth_unit ?? ""}`;
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
  entry.bar.hidden = true;
  entry.facts.replaceChildren();
  entry.done = ok;
  entry.row.classList.toggle("bad", !ok);
  if (!ok) {
    entry.state.textContent = answer.detail ?? answer.title;
    return;
  }
  const found = [...answer.logs, ...answer.curves];
  const known = found.filter((log) => !log.created).length;
  entry.state.textContent = stored
    ? `Stored: ${counted(found.length, "log")}${known ? `, ${known} of them already there` : ""}.`
    : `${answer.format}: ${counted(found.length, "log")} found; not stored yet.`;
  const separable = found.length <= SHOWN && found.every((log) => !log.name.includes(","));
  listed(entry, found, !stored && found.length > 1 && separable);
  for (const warning of answer.warnings) {
    element("li", warning.detail, entry.facts).className = "warning";
  }
  if (answer.ignored.length) {
    const columns = answer.ignored.slice(0, SHOWN).map((one) => one.column || "a column");
    element("li", `Left out: ${columns.join(", ")}`, entry.facts);
  }
}

async function add(file) {
  const row = element("li", "", list);
  const entry = { file, row, name: element("strong", file.name, row), done: false };
  entry.bar = element("progress", "", row);
  entry.bar.setAttribute("aria-label", `Progress of ${file.name}`);
  entry.state = element("p", "", row);
  entry.state.setAttribute("role", "status");
  entry.facts = element("ul", "", row);
  list.hidden = false;
  entries.push(entry);
  entry.busy = true;
  show(entry, await send(entry, true), false);
  entry.busy = false;
}

async function addAll(files) {
  button.disabled = true;
  for (const file of files) await add(file);
  button.disabled = false;
  input.value = "";
  input.required = !entries.length;
}

async function store() {
  button.disabled = true;
  for (const entry of entries.filter((one) => one.done && !one.stored)) {
    entry.busy = true;
    const answer = await send(entry, false);
    show(entry, answer, true);
    entry.stored = answer.ok;
    entry.busy = false;
  }
  button.disabled = false;
  if (entries.some((entry) => entry.stored)) {
    const link = element("a", "Show the page with what was added", element("p", "", form));
    link.href = location.href;
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
window.addEventListener("beforeunload", (event) => {
  if (entries.some((entry) => entry.busy)) event.preventDefault();
});
