// Requests to the service, and what it says when it refuses one.

/** A refusal: `status`, and the problem document with its `detail`. */
export class Problem extends Error {
  constructor(status, document, headers) {
    super(document.detail ?? `the service answered ${status}`);
    this.status = status;
    this.document = document;
    this.name = document.type?.split(":").at(-1) ?? "";
    this.retryAfter = Number(headers?.get("Retry-After")) || null;
  }
}

/** The answer to a request. Raises Problem, and TypeError where nothing answers. */
export async function send(method, url, { json, headers = {}, body, ...options } = {}) {
  const sent = { Accept: "application/json, */*;q=0.5", ...headers };
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (method !== "GET" && token) sent["X-CSRFToken"] = token;
  if (json !== undefined) sent["Content-Type"] = "application/json";
  const response = await fetch(url, {
    method,
    headers: sent,
    body: json === undefined ? body : JSON.stringify(json),
    credentials: "same-origin",
    ...options,
  });
  if (response.ok) return response;
  const text = await response.text();
  throw new Problem(response.status, problemOf(text), response.headers);
}

export async function getJson(url, options) {
  return (await send("GET", url, options)).json();
}

function problemOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {}; // a proxy in between answers with a page of its own
  }
}

/** Whether the same request may be answered later: nothing, or nobody with the time, is there. */
export function passes(error) {
  return !(error instanceof Problem) || error.status > 500 || error.status === 429;
}

/** What to tell somebody of an error, as a part of a sentence. */
export function said(error) {
  if (error instanceof Problem) return error.message.replace(/\.$/, "");
  return "the service cannot be reached";
}

/**
 * What `load` imports, tried so many times; undefined where it was not to be had, which is said: a
 * browser fetches it again when it is next of use.
 */
export async function fetched(bench, load, tries = 3) {
  for (let wait = 500; ; wait = Math.min(2 * wait, 8000)) {
    try {
      const module = await load();
      if (wait > 500) bench.say("");
      return module;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const again = --tries ? "trying again" : "try again";
      bench.say(`A part of the page was not loaded: ${said(error)}; ${again}.`, true);
      if (!tries) return undefined;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}
