// Changes of picks: each goes to the service first, and can be undone.

import { getJson, Problem, send } from "./api.js";
import { History } from "./history.js";

// What people change; dips are computed anew when the survey of the well changes.
const EDITABLE = ["depth", "height", "apparent_azimuth", "type", "quality", "comment"];

export class Edits {
  #ids = new Map();

  constructor(bench, conflict) {
    Object.assign(this, { bench, conflict, picks: bench.picks });
    this.history = new History(() => bench.changed("history"));
  }

  /** A new pick, as a step that can be undone. */
  create(fields) {
    return this.history.run(this.#creation(fields, { id: null }));
  }

  /** Another value of some fields. `seen` is the pick that was changed on the screen. */
  change(seen, fields) {
    const before = Object.fromEntries(Object.keys(fields).map((name) => [name, seen[name] ?? null]));
    if ("points" in fields || "height" in fields) Object.assign(before, placeOf(seen));
    let pick = seen;
    const to = (values) => async () => (pick = await this.#patch(pick, values));
    return this.history.run({ label: "the change", run: to(fields), undo: to(before) });
  }

  remove(seen) {
    const holder = { id: seen.id };
    const creation = this.#creation(fieldsOf(seen), holder);
    return this.history.run({ label: "the deletion", run: creation.undo, undo: creation.run });
  }

  #creation(fields, holder) {
    return {
      label: "the pick",
      run: async () => {
        const made = await (await send("POST", "/dips/", { json: fields })).json();
        if (holder.id) this.#ids.set(holder.id, made.id);
        holder.id = made.id;
        return this.picks.replace(made);
      },
      undo: async () => {
        const pick = this.picks.find(holder.id) ?? (await this.picks.fetch(holder.id));
        if (!pick) return;
        const headers = { "If-Match": tagOf(pick) };
        await send("DELETE", `/dips/${pick.id}/`, { headers });
        this.picks.put(this.picks.all.filter((other) => other.id !== pick.id));
      },
    };
  }

  /** Change what is stored now, on condition that it is what was seen. */
  async #patch(seen, fields) {
    const id = this.#now(seen.id);
    const known = this.picks.find(id) ?? seen;
    const url = `/dips/${id}/`;
    try {
      const headers = { "If-Match": tagOf(known) };
      return this.picks.replace(await (await send("PATCH", url, { json: fields, headers })).json());
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      const theirs = await getJson(url, { cache: "no-cache" });
      this.picks.replace(theirs);
      const changed = EDITABLE.some((name) => String(known[name]) !== String(theirs[name]));
      const mine = !changed || await this.conflict.ask({ ...known, ...fields }, theirs, fields);
      if (!mine) return theirs;
      const headers = { "If-Match": tagOf(theirs) };
      return this.picks.replace(await (await send("PATCH", url, { json: fields, headers })).json());
    }
  }

  /** A pick that was deleted and made again has another id. */
  #now(id) {
    return this.#ids.has(id) ? this.#now(this.#ids.get(id)) : id;
  }
}

/** What says where a pick lies: its points, where it was made from points. */
function placeOf(pick) {
  if (pick.points?.length) return { points: pick.points };
  return { depth: pick.depth, height: pick.height, azimuth: pick.apparent_azimuth };
}

/** What makes the same pick again. */
function fieldsOf(pick) {
  const { well, log, type, quality, comment } = pick;
  return { well, log, type, quality, comment, ...placeOf(pick) };
}

function tagOf(pick) {
  return `"${pick.revision}"`;
}
