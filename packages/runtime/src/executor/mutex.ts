/** Lets one holder in at a time, in the order in which they asked. */
export class Mutex {
  readonly #waiting: (() => void)[] = [];
  #locked = false;

  /** Returns a promise only if there is a holder already. */
  lock(): Promise<void> | undefined {
    if (this.#locked) return new Promise(resolve => this.#waiting.push(resolve));
    this.#locked = true;
    return undefined;
  }

  unlock(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#locked = false;
    else next();
  }
}
