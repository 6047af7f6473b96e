import type * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../../errors/option-errors.js';
import { type LearningRatePlan, scheduleOf } from '../../schedule/learning-rate-plan.js';
import type { Schedule } from '../../schedule/schedule.js';

/** SGD and momentum have a setter; the other optimizers read a protected field at every update. */
interface RateFields {
  setLearningRate?(rate: number): void;
  learningRate: number;
}

/**
 * Sets an optimizer's learning rate: a method's plan wins over the session's schedule; without both it is left alone.
 */
export class LearningRate {
  readonly #optimizer: tf.Optimizer;
  readonly #schedule: Schedule | undefined;
  #plan: LearningRatePlan | null = null;
  #planned: Schedule | undefined;
  /** The optimizer's own rate from before a plan took over. */
  #own: number | undefined;

  constructor(optimizer: tf.Optimizer, schedule: Schedule | undefined) {
    this.#optimizer = optimizer;
    this.#schedule = schedule;
  }

  get plan(): LearningRatePlan | null {
    return this.#plan;
  }

  set plan(plan: LearningRatePlan | null) {
    if (plan) this.#own ??= this.#read();
    else if (this.#own !== undefined && !this.#schedule) this.#write(this.#own);
    if (!plan) this.#own = undefined;
    this.#plan = plan;
    this.#planned = plan ? scheduleOf(plan) : undefined;
  }

  at(position: number): number {
    const rate = (this.#planned ?? this.#schedule)?.(position) ?? this.#read();
    if (Number.isFinite(rate) && rate >= 0) return rate;
    throw new InvalidOptionError(
      'learningRate',
      rate,
      `a finite rate ≥ 0 at every position (this is position ${position})`,
    );
  }

  /** Before the update at this position. */
  apply(position: number): void {
    if (this.#planned || this.#schedule) this.#write(this.at(position));
  }

  #read(): number {
    return Number(this.#optimizer.getConfig().learningRate);
  }

  #write(rate: number): void {
    if (rate === this.#read()) return;
    const fields = this.#optimizer as unknown as RateFields;
    if (fields.setLearningRate) fields.setLearningRate(rate);
    else fields.learningRate = rate;
  }
}
