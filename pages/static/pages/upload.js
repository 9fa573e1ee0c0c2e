// Several files by choosing or dropping: each is looked at first, then stored, with a bar of its
// own. Without this script the form sends one file and the answer is a page.
const form = document.getElementById("add-logs");
const list = document.getElementById("uploads");
const input = form.elements.file;
const button = form.querySelector("button");
const entries = [];

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

function show(entry, { ok, answer }, stored) {
  entry.bar.hidden = true;
  entry.facts.replaceChildren();
  entry.done = ok;
  entry.row.classList.toggle("bad", !ok);
  if (!ok) {
    entry.state.textContent = answer.detail ?? answer.title;
    return;
  }
  const known = answer.logs.filter((log) => log.created === false).length;
  entry.state.textContent = stored
    ? `Stored: ${counted(answer.logs.length, "log")}${known ? `, ${known} of them already there` : ""}.`
    : `${answer.format}: ${counted(answer.logs.length, "log")} found.`;
  for (const log of answer.logs.slice(0, 20)) element("li", described(log), entry.facts);
  if (answer.logs.length > 20) element("li", `and ${answer.logs.length - 20} more`, entry.facts);
  for (const warning of answer.warnings) element("li", warning.detail, entry.facts).className = "warning";
  if (answer.ignored.length) element("li", `Left out: ${answer.ignored.map((one) => one.column).slice(0, 20).join(", ")}`, entry.facts);
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
