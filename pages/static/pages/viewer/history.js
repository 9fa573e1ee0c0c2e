// Undo and redo of what is kept on the server: each step is done, and undone, by requests.

export class History {
  #done = [];
  #undone = [];
  #queue = Promise.resolve();

  /** `changed` is called whenever what can be undone or redone has changed. */
  constructor(changed = () => {}) {
    this.changed = changed;
  }

  get undoable() {
    return this.#done.at(-1)?.label;
  }

  get redoable() {
    return this.#undone.at(-1)?.label;
  }

  /** Do a step of {label, run, undo}, after those that are under way; what fails is no step. */
  run(step) {
    return this.#next(async () => {
      const result = await step.run();
      this.#done.push(step);
      this.#undone = [];
      return result;
    });
  }

  /** Undo the last step; its label, or undefined where there is none. So is redo. */
  undo() {
    return this.#move(this.#done, this.#undone, "undo");
  }

  redo() {
    return this.#move(this.#undone, this.#done, "run");
  }

  #move(from, to, way) {
    return this.#next(async () => {
      const step = from.at(-1);
      if (!step) return undefined;
      await step[way]();
      from.pop();
      to.push(step);
      return step.label;
    });
  }

  #next(work) {
    const result = this.#queue.then(work).finally(this.changed);
    this.#queue = result.catch(() => {});
    return result;
  }
}
