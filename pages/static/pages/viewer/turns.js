// Who looks at what. Somebody who draws again begins a turn; in use is what was looked at in the
// last turn of anybody.

export class Turns {
  #now = new Map();

  begin(owner) {
    this.#now.set(owner, (this.#now.get(owner) ?? 0) + 1);
  }

  /** The owner looks at nothing any more. */
  end(owner) {
    this.#now.delete(owner);
  }

  /** `seen` is a Map of the owners of a thing, kept with it. */
  look(owner, seen) {
    seen.set(owner, this.#now.get(owner));
  }

  /** Whether anybody looks; who does not any more is taken out of `seen`. */
  used(seen) {
    for (const [owner, turn] of seen) if (this.#now.get(owner) !== turn) seen.delete(owner);
    return seen.size > 0;
  }
}
