import * as tf from '@tensorflow/tfjs-core';
import { StepNotSettledError } from '../../../errors/session-errors.js';
import type { Decision } from '../../../method/decision.js';
import type { MethodState } from '../../../method/state.js';
import type { Observation, StepPlan, StepView } from '../../../method/step.js';
import { randomStreams } from '../../../random/random-streams.js';
import { SessionDisposedError } from '../../errors.js';
import { orderGradients } from '../../optimizer/gradients.js';
import type { StepHooks } from '../../optimizer/masked-optimizer.js';
import { maskedUpdate } from '../../optimizer/masked-update.js';
import { reparameterizedUpdate } from '../../optimizer/reparameterized-update.js';
import { viewSlots } from '../../optimizer/slot-view.js';
import { type Decay, decayOf } from '../../optimizer/weight-decay.js';
import type { NamedTensor } from '../../weights/tensors.js';
import { requireDecision } from '../decision-check.js';
import type { SessionRun } from '../session-run.js';
import { requireStepPlan } from './plan-check.js';
import { streamGradients, viewLayers } from './step-view.js';

/** A step between its update and its settling. */
interface OpenStep {
  readonly plan: StepPlan;
  /** Copies of the dense gradients by weight name; empty unless the plan asks for them. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/** The two halves of a step: a synchronous update, and the asynchronous decision about it. */
export class StepCycle<State extends MethodState> implements StepHooks {
  readonly #run: SessionRun<State>;
  readonly #decay: Decay | undefined;
  #open: OpenStep | undefined;
  #settling: Promise<void> | undefined;
  #disposed = false;
  #begun = 0;

  constructor(run: SessionRun<State>) {
    this.#run = run;
    this.#decay = decayOf(run.options.weightDecay);
  }

  /** Steps that were begun, settled or not. */
  get begun(): number {
    return this.#begun;
  }

  requireAlive(): void {
    if (this.#disposed) throw new SessionDisposedError();
  }

  /** The method's decision before any step. */
  async begin(): Promise<void> {
    const decision = this.#run.method.start(await this.#view({ kind: 'weights' }));
    requireDecision(decision, this.#run);
    await this.#run.carryOut(decision);
  }

  requireReady(): void {
    this.requireAlive();
    if (this.#open || this.#settling) throw new StepNotSettledError();
  }

  update(gradients: readonly NamedTensor[]): void {
    this.requireReady();
    const { method, clock, state, table, rate, sums } = this.#run;
    const ordered = orderGradients(gradients, table);
    const plan = method.plan(clock, state);
    requireStepPlan(plan, this.#run);
    rate.apply(clock.position);
    this.#open = { plan, gradients: plan.observe?.kind === 'gradients' ? this.#keep(ordered) : new Map() };
    try {
      if (plan.accumulate?.length) sums.add(plan.accumulate, table, ordered, () => this.#apply(plan, ordered));
      else this.#apply(plan, ordered);
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#begun++;
  }

  #apply(plan: StepPlan, gradients: readonly (tf.Tensor | undefined)[]): void {
    if (plan.optimizer === 'skip') return;
    const { options, table, device, reparameterized } = this.#run;
    if (reparameterized)
      reparameterizedUpdate(options.optimizer, table, gradients, device, this.#decay, reparameterized);
    else maskedUpdate(options.optimizer, table, gradients, device, this.#decay);
  }

  /** Calls while one is under way get the same promise. */
  settle(): Promise<void> {
    this.#settling ??= this.#finish().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  /**
   * What `read` makes of the run between two steps; rejects if the session is disposed meanwhile, which frees what it
   * reads.
   */
  async settled<Result>(read: () => Promise<Result>): Promise<Result> {
    this.requireAlive();
    await this.settle();
    try {
      return await read();
    } finally {
      this.requireAlive();
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#close();
  }

  async #finish(): Promise<void> {
    if (!this.#open) return;
    const run = this.#run;
    const { plan } = this.#open;
    const decision = plan.observe && (await this.#decide(plan.observe));
    if (this.#disposed) return;
    if (plan.observe) requireDecision(decision, run); // also refuses a method that decides nothing at all
    this.#close();
    const { step, position, round } = run.clock;
    run.clock = { step: step + 1, position: position + 1, round };
    try {
      if (decision) await run.carryOut(decision);
    } finally {
      if (this.#disposed) run.dispose(); // of what was allocated since
    }
  }

  /** What the method decides; after `dispose` nothing, even if something failed because of it. */
  async #decide(observe: Observation): Promise<Decision<State> | undefined> {
    const { method, state } = this.#run;
    try {
      return await method.decide(await this.#view(observe), state);
    } catch (error) {
      if (this.#disposed) return undefined;
      throw error;
    }
  }

  #close(): void {
    tf.dispose([...(this.#open?.gradients.values() ?? [])]);
    this.#open = undefined;
  }

  /** Copies outlive the tidy that `fit` runs each step in. */
  #keep(ordered: readonly (tf.Tensor | undefined)[]): Map<string, tf.Tensor> {
    const kept = new Map<string, tf.Tensor>();
    this.#run.table.trainable.forEach(({ name, prunable }, i) => {
      const gradient = ordered[i];
      if (prunable && gradient) kept.set(name, tf.keep(gradient.clone()));
    });
    return kept;
  }

  async #view(observe: Observation): Promise<StepView> {
    const { table, masks, clock, seed, options, reparameterized, sums } = this.#run;
    const gradients = this.#open?.gradients ?? new Map();
    const slots = observe.slots ? await viewSlots(options.optimizer, table) : undefined;
    const layers = await viewLayers(table.prunable, observe, { masks, gradients, reparameterized, sums, slots });
    const summed = observe.sums ? { summedSteps: sums.steps } : {};
    const view = { clock, layers, random: randomStreams(seed, clock.step), ...summed };
    if (observe.kind !== 'samples' || !options.exampleLosses) return view;
    const samples = streamGradients(observe.count, table.prunable, options.exampleLosses, () => this.#disposed);
    return { ...view, samples };
  }
}
