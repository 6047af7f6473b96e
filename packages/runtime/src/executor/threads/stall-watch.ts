import { CONTROL } from './control-block.js';

/** Looks that are needed besides the time, so that a computer that was asleep does not count as a stall. */
const LOOKS = 100;

/** Notices that a run makes no progress any more. */
export class StallWatch {
  readonly #words: Int32Array;
  readonly #milliseconds: number;
  #seen = '';
  #since = 0;
  #looks = 0;

  constructor(words: Int32Array, milliseconds: number) {
    this.#words = words;
    this.#milliseconds = milliseconds;
  }

  /** True if nothing has changed for the given time, as far as this command tells. */
  stalled(command: number): boolean {
    const done = Atomics.load(this.#words, CONTROL.table + CONTROL.stride * command + 5);
    const progress = `${command} ${done} ${Atomics.load(this.#words, CONTROL.active)}`;
    if (progress !== this.#seen) {
      this.#seen = progress;
      this.#since = performance.now();
      this.#looks = 0;
      return false;
    }
    this.#looks += 1;
    return this.#looks > LOOKS && performance.now() - this.#since > this.#milliseconds;
  }
}
