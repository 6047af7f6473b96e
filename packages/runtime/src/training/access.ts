import { Turnstile } from '../executor/turnstile.js';
import { TrainingProductsDisposedError } from './errors.js';
import type { TrainingMachine } from './machine.js';

/** Lets one user at a time have a machine, in the order in which they came, until its end. */
export class Access {
  readonly #turnstile = new Turnstile();
  #machine: TrainingMachine | undefined;
  #ending: Promise<void> | undefined;

  constructor(machine: TrainingMachine) {
    this.#machine = machine;
  }

  /** @throws {@link TrainingProductsDisposedError} after the end. */
  async use<Result>(act: (machine: TrainingMachine) => Promise<Result> | Result): Promise<Result> {
    const turn = this.#turnstile.enter();
    if (turn !== undefined) await turn;
    try {
      if (this.#machine === undefined) throw new TrainingProductsDisposedError();
      return await act(this.#machine);
    } finally {
      this.#turnstile.leave();
    }
  }

  /** Takes the machine away once its present user is done, and ends its threads. Later calls wait for the same end. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const machine = this.#machine;
    this.#machine = undefined;
    const turn = this.#turnstile.enter();
    if (turn !== undefined) await turn;
    this.#turnstile.leave();
    await machine?.crew.dispose();
  }
}
