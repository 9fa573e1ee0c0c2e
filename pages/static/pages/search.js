// The list of wells follows what is typed; without this script the form is sent.
const form = document.querySelector("form.search");
const field = form.elements.search;
const DELAY_MS = 200;
let waiting;
let request;

async function show() {
  request?.abort();
  request = new AbortController();
  const url = new URL(form.action);
  if (field.value.trim()) url.searchParams.set("search", field.value.trim());
  try {
    const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("wells").replaceWith(page.getElementById("wells"));
    history.replaceState(null, "", url);
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, DELAY_MS);
});
