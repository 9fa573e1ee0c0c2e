// Requests to the service, what it says when it refuses one, and what it has answered.

const PARALLEL = 6;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
// As a browser asks by itself: what it has fetched for a link of the page is taken.
const ANY = { Accept: "*/*" };

/** A refusal: `status`, and the problem document with its `detail`. */
export class Problem extends Error {
  constructor(status, document, headers) {
    super(document.detail ?? `the service answered ${status}`);
    this.status = status;
    this.document = document;
    this.name = document.type?.split(":").at(-1) ?? "";
    this.retryAfter = Number(headers.get("Retry-After")) || 0;
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

let missing = false;

/**
 * What `load` imports, tried so many times; undefined where it was not to be had, which is said: a
 * browser fetches it again when it is next of use.
 */
export async function fetched(bench, load, tries = 3) {
  for (let wait = 500; ; wait = Math.min(2 * wait, 8000)) {
    try {
      const module = await load();
      if (missing) bench.say("");
      missing = false;
      return module;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      missing = true;
      const again = --tries ? "trying again" : "try again";
      bench.say(`A part of the page was not loaded: ${said(error)}; ${again}.`, true);
      if (!tries) return undefined;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}

/**
 * What was fetched, and what is to be: bounded in bytes, aborted when nobody looks any more, tried
 * again where that may help. Who looks at what is an owner: a part of the page that draws it.
 */
export class TileStore {
  bytes = 0;
  #entries = new Map();
  #looks = new Map();
  #timer = null;

  /** `changed` is told for whom something has come. */
  constructor(changed, { capacity = 96e6, get = send } = {}) {
    Object.assign(this, { changed, capacity, get });
  }

  /** Whether anything is being fetched, or about to be. */
  get busy() {
    return [...this.#entries.values()].some(({ state }) => state === "loading" || state === "new");
  }

  /** What there is of an address: {state, data, error}; it is fetched, if need be, when settled. */
  want(owner, url, decode) {
    let entry = this.peek(url);
    if (!entry) {
      entry = { url, decode, state: "new", tries: 0, owners: new Set(), pictures: new Map() };
      this.#entries.set(url, entry);
    }
    this.look(owner, entry);
    return entry;
  }

  look(owner, entry) {
    entry.owners.add(owner);
    if (!this.#looks.has(owner)) this.#looks.set(owner, new Set());
    this.#looks.get(owner).add(entry);
  }

  /** The owner looks at nothing any more, or begins to draw again. */
  leave(owner) {
    this.#looks.get(owner)?.forEach((entry) => entry.owners.delete(owner));
    this.#looks.delete(owner);
  }

  /** The same without asking for it; the least recently looked at are forgotten first. */
  peek(url) {
    const entry = this.#entries.get(url);
    if (entry) {
      this.#entries.delete(url);
      this.#entries.set(url, entry);
    }
    return entry;
  }

  /** End of a frame: what nobody looks at any more is aborted, what somebody does is fetched. */
  settle() {
    for (const { url, owners, pictures, state, abort } of this.#entries.values()) {
      pictures.forEach((_, owner) => owners.has(owner) || pictures.delete(owner));
      if (owners.size || !["new", "loading"].includes(state)) continue;
      abort?.abort();
      this.#entries.delete(url);
    }
    this.#fetch();
    this.#forget();
  }

  /** Ask for what is due, as many at a time as a browser sends; wake for what is due later. */
  #fetch() {
    clearTimeout(this.#timer);
    const now = performance.now();
    const shown = [...this.#entries.values()].filter((entry) => entry.owners.size);
    let free = PARALLEL - shown.filter(({ state }) => state === "loading").length;
    let next = Infinity;
    for (const entry of shown) {
      const due = { new: now, failed: entry.retryAt }[entry.state] ?? Infinity;
      if (due > now) next = Math.min(next, due);
      else if (free-- > 0) entry.arrival = this.#load(entry);
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#fetch(), next - now + 5);
  }

  async #load(entry) {
    entry.state = "loading";
    entry.abort = new AbortController();
    const { signal } = entry.abort;
    try {
      const response = await this.get("GET", entry.url, { signal, headers: ANY });
      const data = await entry.decode(response);
      if (signal.aborted) return;
      Object.assign(entry, { data, state: "ready" });
      this.bytes += data.bytes;
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(entry, error);
    }
    // Not in the next frame: where frames take long, the connections would be idle until then.
    this.#fetch();
    this.changed([...entry.owners]);
  }

  #failed(entry, error) {
    if (error.name === "nothing-in-range") {
      entry.state = "nothing";
      return;
    }
    entry.state = "failed";
    entry.error = said(error);
    entry.gone = error.name === "log-not-found";
    const wait = Math.min(FIRST_WAIT * 2 ** entry.tries++, LONGEST_WAIT);
    const longer = Math.max(wait, 1000 * (error.retryAfter ?? 0));
    entry.retryAt = passes(error) ? performance.now() + longer : Infinity;
  }

  #forget() {
    for (const [url, entry] of this.#entries) {
      if (this.bytes <= this.capacity) return;
      if (entry.state !== "ready" || entry.owners.size) continue;
      this.#entries.delete(url);
      this.bytes -= entry.data.bytes;
      entry.data.bitmap?.close();
    }
  }
}
