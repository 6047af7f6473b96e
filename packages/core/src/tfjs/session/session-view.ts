import type { Clock } from '../../method/clock.js';
import type { PruningMethod } from '../../method/pruning-method.js';
import type { MethodState } from '../../method/state.js';
import type { SessionRun } from './session-run.js';

/**
 * What a session shows of its run at any moment.
 *
 * @typeParam State - What the method carries between steps.
 */
export abstract class SessionView<State extends MethodState = MethodState> {
  readonly #run: SessionRun<State>;

  constructor(run: SessionRun<State>) {
    this.#run = run;
  }

  /** The method that runs. */
  get method(): PruningMethod<State> {
    return this.#run.method;
  }

  /** Where training is. Read `position` to choose the next batch, so that resume and rewinds are exact. */
  get clock(): Clock {
    return this.#run.clock;
  }

  /** The method's own state. */
  get state(): State {
    return this.#run.state;
  }

  /** Name of the method's current phase, or the empty string. */
  get phase(): string {
    return this.#run.phase;
  }

  /** Masks of all prunable weights by name, one byte per entry, 1 = active. Must not be modified. */
  get masks(): ReadonlyMap<string, Uint8Array> {
    return this.#run.masks;
  }

  /** Fraction of all prunable entries that are masked, in [0, 1]; other zeros do not count. */
  get sparsity(): number {
    return this.#run.sparsity;
  }

  /** Root of all randomness of the run; a resumed session has that of the checkpoint. */
  get seed(): number {
    return this.#run.seed;
  }

  /** Learning rate of the next step: the method's plan, else the session's schedule, else the optimizer's own. */
  get learningRate(): number {
    return this.#run.rate.at(this.#run.clock.position);
  }
}
