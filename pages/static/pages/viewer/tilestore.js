// What was fetched, and what is to be: bounded in bytes, aborted when nobody looks any more, tried
// again where that may help.

import { Problem, said, send } from "./api.js";

const PARALLEL = 6;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

export class TileStore {
  #entries = new Map();
  #wanted = new Set();
  #shown = new Set();
  #bytes = 0;
  #timer = null;

  /** `changed` is called when something has come, or has to be asked for again. */
  constructor(changed, { capacity = 96e6, get = send } = {}) {
    this.changed = changed;
    this.capacity = capacity;
    this.get = get;
  }

  get bytes() {
    return this.#bytes;
  }

  /** Whether anything is being fetched, or about to be. */
  get busy() {
    return [...this.#entries.values()].some(({ state }) => state === "loading" || state === "new");
  }

  /** What there is of an address: {state, data, error}; it is fetched, if need be, when settled. */
  want(url, decode) {
    let entry = this.peek(url);
    if (!entry) this.#entries.set(url, (entry = { url, decode, state: "new", tries: 0, bytes: 0 }));
    this.#wanted.add(entry);
    return entry;
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

  /** End of a frame: what was not wanted in it is aborted, what was is fetched. */
  settle() {
    const wanted = (this.#shown = this.#wanted);
    this.#wanted = new Set();
    for (const entry of this.#entries.values()) {
      if (wanted.has(entry)) continue;
      if (entry.state === "loading") this.#abort(entry);
      else if (entry.state === "new") this.#entries.delete(entry.url);
    }
    this.#fetch();
    this.#forget(wanted);
    this.#wakeFor(wanted);
  }

  #fetch() {
    const now = performance.now();
    let free = PARALLEL;
    for (const { state } of this.#shown) free -= state === "loading";
    for (const entry of this.#shown) {
      if (free <= 0) return;
      const due = entry.state === "new" || (entry.state === "failed" && entry.retryAt <= now);
      if (!due) continue;
      free--;
      this.#load(entry);
    }
  }

  #abort(entry) {
    entry.abort.abort();
    this.#entries.delete(entry.url);
  }

  async #load(entry) {
    entry.state = "loading";
    entry.abort = new AbortController();
    try {
      const response = await this.get("GET", entry.url, { signal: entry.abort.signal });
      entry.data = await entry.decode(response);
      entry.state = "ready";
      entry.bytes = entry.data.bytes;
      if (this.#entries.get(entry.url) === entry) this.#bytes += entry.bytes;
    } catch (error) {
      if (entry.abort.signal.aborted) return;
      this.#failed(entry, error);
    }
    // Not in the next frame: where frames take long, the connections would be idle until then.
    this.#fetch();
    this.changed();
  }

  #failed(entry, error) {
    if (error.name === "nothing-in-range") {
      entry.state = "nothing";
      return;
    }
    entry.state = "failed";
    entry.error = said(error);
    entry.gone = error.name === "log-not-found";
    const final = error instanceof Problem && error.status < 500 && error.status !== 429;
    const wait = Math.min(FIRST_WAIT * 2 ** entry.tries++, LONGEST_WAIT);
    const longer = Math.max(wait, 1000 * (error.retryAfter ?? 0));
    entry.retryAt = final ? Infinity : performance.now() + longer;
  }

  #forget(wanted) {
    for (const [url, entry] of this.#entries) {
      if (this.#bytes <= this.capacity) return;
      if (entry.state !== "ready" || wanted.has(entry)) continue;
      this.#entries.delete(url);
      this.#bytes -= entry.bytes;
      entry.data.bitmap?.close();
    }
  }

  #wakeFor(wanted) {
    clearTimeout(this.#timer);
    const due = [...wanted].filter((e) => e.state === "failed").map((e) => e.retryAt);
    const next = Math.min(...due);
    if (next < Infinity) this.#timer = setTimeout(this.changed, Math.max(next - performance.now(), 0) + 5);
  }
}
