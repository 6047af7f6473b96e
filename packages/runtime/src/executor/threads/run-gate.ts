import { CONTROL } from './control-block.js';
import { nodeModule } from './host.js';
import { sleepOn } from './work.js';

const LAST_RUN = 2 ** 31 - 1;

/** The words of a control block as the thread that owns the plan uses them. */
export class RunGate {
  readonly #words: Int32Array;
  /** Browsers do not let their main thread sleep. */
  readonly #maySleep = nodeModule('node:worker_threads') !== undefined;
  #run = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Begins a run of the commands from `begin` up to `end`. No worker is in the previous one any more. */
  open(begin: number, end: number): void {
    const words = this.#words;
    words[CONTROL.begin] = begin;
    words[CONTROL.end] = end;
    for (let command = begin; command < end; command++) {
      const at = CONTROL.table + CONTROL.stride * command;
      words[at + 4] = 0;
      words[at + 5] = 0;
    }
    this.#run = this.#run === LAST_RUN ? 1 : this.#run + 1;
    this.#store(this.#run);
  }

  /** Lets no worker join any more; true once those that had joined have left, unless a kernel trapped. */
  close(patience: number): boolean {
    Atomics.store(this.#words, CONTROL.gate, 0);
    for (let polls = 0; polls < patience; polls++) {
      if (Atomics.load(this.#words, CONTROL.active) === 0) return Atomics.load(this.#words, CONTROL.failed) === 0;
    }
    return false;
  }

  /** Tells all workers to end. */
  abandon(): void {
    Atomics.store(this.#words, CONTROL.failed, 1);
    this.#store(-1);
  }

  /** Sleeps for a moment, where that is allowed, unless a command is done. */
  rest(command: number): void {
    if (!this.#maySleep) return;
    const at = CONTROL.table + CONTROL.stride * command;
    const done = Atomics.load(this.#words, at + 5);
    if (done !== this.#words[at + 2]) sleepOn(CONTROL, this.#words, at + 5, done, 1);
  }

  #store(value: number): void {
    Atomics.store(this.#words, CONTROL.gate, value);
    if (Atomics.load(this.#words, CONTROL.sleepers) > 0) Atomics.notify(this.#words, CONTROL.gate);
  }
}
