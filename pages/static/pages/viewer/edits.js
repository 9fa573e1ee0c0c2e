// Changes of picks: each goes to the service first, and can be undone.

import { fit } from "./fitting.js";
import { History } from "./history.js";
import { getJson, passes, Problem, said, send } from "./service.js";

// What people change; dips are computed anew when the survey of the well changes.
const EDITABLE = ["depth", "height", "apparent_azimuth", "type", "quality", "comment"];
const PLACE = ["points", "depth", "height", "azimuth"];
const LONGEST_WAIT = 8000;

export class Edits {
  #ids = new Map();

  constructor(bench, conflict) {
    Object.assign(this, { bench, conflict, picks: bench.picks });
    this.history = new History(() => bench.changed("history"));
    addEventListener("beforeunload", (event) => this.picks.unsaved.size && event.preventDefault());
  }

  /** A new pick, as a step that can be undone. */
  create(fields) {
    return this.history.run(this.#creation(fields, { id: null }));
  }

  /** Send a change, again and again while nobody answers; `kept` finds what was kept unheard. */
  async #send(method, url, options, kept) {
    for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      try {
        const found = wait > 500 && (await kept?.());
        const answer = found || (await (await send(method, url, options)).json().catch(() => null));
        if (wait > 500) this.bench.say("Saved.");
        return answer;
      } catch (error) {
        if (!passes(error)) throw error;
        this.bench.say(`Not saved yet: ${said(error)}; trying again.`, true);
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  /** Another value of some fields. `seen` is the pick that was changed on the screen. */
  change(seen, fields) {
    const before = PLACE.some((name) => name in fields)
      ? placeOf(seen)
      : Object.fromEntries(Object.keys(fields).map((name) => [name, seen[name] ?? null]));
    let pick = seen;
    const to = (values) => async () => (pick = await this.#patch(pick, values));
    return this.history.run({ label: "the change", run: to(fields), undo: to(before) });
  }

  remove(seen) {
    const holder = { id: seen.id };
    const creation = this.#creation(fieldsOf(seen, this.bench.log(seen.log)), holder);
    return this.history.run({ label: "the deletion", run: creation.undo, undo: creation.run });
  }

  #creation(fields, holder) {
    return {
      label: "the pick",
      run: async () => {
        const made = await this.#send("POST", "/dips/", { json: fields }, () => this.#made(fields));
        if (holder.id) this.#ids.set(holder.id, made.id);
        holder.id = made.id;
        return this.#keep(made);
      },
      undo: async () => {
        const pick = this.picks.find(holder.id) ?? (await fetchPick(holder.id));
        if (!pick) return;
        const headers = { "If-Match": tagOf(pick) };
        const gone = async () => !(await fetchPick(pick.id));
        await this.#send("DELETE", `/dips/${pick.id}/`, { headers }, gone);
        this.picks.put(this.picks.all.filter((other) => other.id !== pick.id));
      },
    };
  }

  /** Change what is stored now, on condition that it is what was seen. */
  async #patch(seen, fields) {
    const id = this.#now(seen.id);
    const known = this.picks.find(id) ?? seen;
    const url = `/dips/${id}/`;
    const change = async (from) => {
      const options = { json: fields, headers: { "If-Match": tagOf(from) } };
      return this.#keep(await this.#send("PATCH", url, options));
    };
    try {
      return await change(known);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const theirs = await getJson(url, { cache: "no-cache" });
      this.#keep(theirs);
      if (holds(theirs, fields)) return theirs;
      const changed = EDITABLE.some((name) => String(known[name]) !== String(theirs[name]));
      const mine = !changed || await this.conflict.ask({ ...known, ...fields }, theirs, fields);
      return mine ? change(theirs) : theirs;
    }
  }

  /** Keep a pick as the service has it now. */
  #keep(pick) {
    this.picks.put([...this.picks.all.filter((other) => other.id !== pick.id), pick]);
    return pick;
  }

  /** The pick that a request made whose answer was lost. */
  async #made(fields) {
    const { depth, height = 0 } = fields.points ? fit(fields.points) : fields;
    const near = { min: depth - height - 1, max: depth + height + 1, limit: 1000 };
    const query = new URLSearchParams({ well: fields.well, ...near });
    const { results } = await getJson(`/dips/?${query}`, { cache: "no-cache" });
    return results.find((pick) => !this.picks.find(pick.id) && holds(pick, fields));
  }

  /** A pick that was deleted and made again has another id. */
  #now(id) {
    return this.#ids.has(id) ? this.#now(this.#ids.get(id)) : id;
  }
}

/** The pick of an id as the service has it, wherever it lies; undefined where there is none. */
export async function fetchPick(id) {
  try {
    return await getJson(`/dips/${encodeURIComponent(id)}/`, { cache: "no-cache" });
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return undefined;
    throw error;
  }
}

/** Whether a pick is as `fields` say. */
function holds(pick, fields) {
  const { well, azimuth = pick.apparent_azimuth, ...rest } = fields;
  const same = (name) => JSON.stringify(pick[name] ?? null) === JSON.stringify(rest[name] ?? null);
  return azimuth === pick.apparent_azimuth && Object.keys(rest).every(same);
}

/** What says where a pick lies, in the way that it was given: by points, by a true dip, or else. */
function placeOf({ depth, ...pick }) {
  if (pick.points?.length) return { points: pick.points };
  if (pick.basis === "plane") {
    return { depth, true_dip: pick.true_dip, true_azimuth: pick.true_azimuth ?? 0 };
  }
  return { depth, height: pick.height, azimuth: pick.apparent_azimuth ?? 0 };
}

/** What makes the same pick again; a reference that its log has stays that of the log. */
function fieldsOf(pick, log) {
  const { well, type, quality, comment, reference, diameter, diameter_unit: unit } = pick;
  const own = reference === (log?.azimuth_reference ?? null) ? {} : { reference };
  const given = pick.diameter_source === "given" ? { diameter, diameter_unit: unit } : {};
  return { well, log: pick.log, type, quality, comment, ...own, ...given, ...placeOf(pick) };
}

function tagOf(pick) {
  return `"${pick.revision}"`;
}
