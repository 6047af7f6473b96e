import { checkOptions, rules } from '@espalier/core';
import { InvalidInputError, PlanDisposedError } from '../executor/errors.js';
import { Exclusive } from '../executor/exclusive.js';
import { LAYOUT_RULE, type Layout } from '../executor/options.js';
import { checkInputs, type NamedValues } from './check-input.js';
import { type Execution, runBatch, timeLayers } from './execution.js';
import type { PlanValue } from './plan-value.js';
import type { LayerTime, RunOptions } from './run-options.js';
import type { PlanSummary } from './summary.js';

/**
 * A network that is ready to run: its weights are packed, its memory is reserved and its threads wait. Made by
 * {@link compile}.
 *
 * Runs of one plan are carried out one after the other, in the order in which they were asked for. Unless something is
 * running already, a run does its work before `run` returns, on the calling thread and the plan's workers; what it
 * returns is a promise all the same. A plan that is no longer needed should be disposed of: its memory is not small.
 */
export class Plan {
  /** Inputs, by name, in the order of the network. */
  readonly inputs: readonly PlanValue[];
  /** Results, by name, in the order of the network. */
  readonly outputs: readonly PlanValue[];
  /** Shape of one input, the first if there are several: `[height, width, channels]` or `[features]`. */
  readonly inputShape: readonly number[];
  /** Shape of one result, the first if there are several: `[height, width, channels]` or `[features]`. */
  readonly outputShape: readonly number[];
  /** Layers, their costs, and the settings that were chosen. */
  readonly summary: PlanSummary;
  readonly #layout: Layout;
  readonly #execution: Exclusive<Execution>;

  /** @internal */
  constructor(execution: Execution, names: readonly string[], layout: Layout, summary: PlanSummary) {
    this.#execution = new Exclusive(execution, () => new PlanDisposedError());
    this.#layout = layout;
    const { inputs, outputs } = execution.build;
    this.inputs = inputs.map(({ name, shape }) => ({ name, shape: [...shape] }));
    this.outputs = outputs.map(({ name, shape }, index) => ({ name: names[index] ?? name, shape: [...shape] }));
    this.inputShape = [...(this.inputs[0]?.shape ?? [])];
    this.outputShape = [...(this.outputs[0]?.shape ?? [])];
    this.summary = summary;
  }

  /**
   * Computes a network of one input and one result.
   *
   * @param input - `batch` images or vectors, one after the other. NaN and infinities are allowed. Must not be changed
   * before the promise is settled.
   * @param options - Layout of images, and how many there are.
   * @returns The results, one after the other, in memory of their own.
   * @throws {@link InvalidInputError} if the input has another length, the batch is not a whole number, or the network
   * has several inputs or results: see {@link Plan.runNamed}.
   * @throws {@link InvalidOptionError} if there is no such layout, or the options are not an object, and
   * {@link UnknownOptionError} if there is another option.
   * @throws {@link PlanDisposedError} if the plan was disposed of before the run began.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later run then fails.
   *
   * @example
   * ```ts
   * import type { Plan } from '@espalier/runtime';
   *
   * export async function classify(plan: Plan, image: Float32Array): Promise<number> {
   *   const logits = await plan.run(image, { layout: 'nchw' });
   *   return logits.indexOf(Math.max(...logits));
   * }
   * ```
   */
  async run(input: Float32Array, options: RunOptions = {}): Promise<Float32Array> {
    checkOptions<RunOptions>(options, { layout: LAYOUT_RULE, batch: rules.anything });
    if (this.outputs.length > 1) {
      const names = this.outputs.map(({ name }) => JSON.stringify(name)).join(', ');
      throw new InvalidInputError(`The plan gives ${this.outputs.length} results, ${names}. Use runNamed.`);
    }
    if (typeof input === 'object' && input !== null && !(input instanceof Float32Array)) {
      throw new InvalidInputError('It must be a Float32Array; a tensor has one in `await tensor.data()`.');
    }
    const { layout = this.#layout, batch = 1 } = options;
    const inputs = checkInputs(input, this.inputs, batch);
    const [result] = await this.#execution.use(execution => runBatch(execution, inputs, layout, batch));
    return result as Float32Array;
  }

  /**
   * Computes a network of any number of inputs and results.
   *
   * @param inputs - For the name of each of {@link Plan.inputs}, `batch` images or vectors, one after the other. NaN
   * and infinities are allowed. Must not be changed before the promise is settled.
   * @param options - Layout of images, and how many there are; for all inputs and results.
   * @returns For the name of each of {@link Plan.outputs} the results, one after the other, in memory of their own.
   * @throws {@link InvalidInputError} also if an input is missing, or there is none of that name; otherwise the same as
   * {@link Plan.run}.
   *
   * @example
   * ```ts
   * import type { Plan } from '@espalier/runtime';
   *
   * export async function boxes(plan: Plan, left: Float32Array, right: Float32Array): Promise<Float32Array | undefined>
   * {
   *   const results = await plan.runNamed({ left, right });
   *   return results.boxes;
   * }
   * ```
   */
  async runNamed(inputs: NamedValues, options: RunOptions = {}): Promise<Record<string, Float32Array>> {
    checkOptions<RunOptions>(options, { layout: LAYOUT_RULE, batch: rules.anything });
    if (typeof inputs !== 'object' || inputs === null || ArrayBuffer.isView(inputs) || Array.isArray(inputs)) {
      throw new InvalidInputError('The inputs must be an object of Float32Arrays by name.');
    }
    const { layout = this.#layout, batch = 1 } = options;
    const values = checkInputs(inputs, this.inputs, batch);
    const results = await this.#execution.use(execution => runBatch(execution, values, layout, batch));
    return Object.fromEntries(this.outputs.map(({ name }, index) => [name, results[index] as Float32Array]));
  }

  /**
   * Computes the network once, layer by layer, with a look at the clock after each.
   *
   * The sum is a little more than a run takes, which does not look at the clock. Take the smallest of several profiles.
   *
   * @param input - One image or vector; of a network of several inputs, one of each by name.
   * @param options - Layout of the image.
   * @returns Milliseconds of every layer, in the order in which they run.
   * @throws The same as {@link Plan.run}.
   *
   * @example
   * ```ts
   * import type { Plan } from '@espalier/runtime';
   *
   * export async function slowest(plan: Plan, image: Float32Array): Promise<string | undefined> {
   *   const layers = await plan.profile(image);
   *   return layers.sort((a, b) => b.milliseconds - a.milliseconds)[0]?.name;
   * }
   * ```
   */
  async profile(input: Float32Array | NamedValues, options: Pick<RunOptions, 'layout'> = {}): Promise<LayerTime[]> {
    checkOptions<Pick<RunOptions, 'layout'>>(options, { layout: LAYOUT_RULE });
    const { layout = this.#layout } = options;
    const inputs = checkInputs(input, this.inputs, 1);
    return this.#execution.use(execution => timeLayers(execution, inputs, layout));
  }

  /**
   * Ends the plan's threads and gives its memory back.
   *
   * A run that is being carried out is finished first; those that wait fail. Later calls do nothing more.
   *
   * @returns A promise that is settled when all threads have ended.
   *
   * @example
   * ```ts
   * import { type Checkpoint } from '@espalier/core';
   * import { compile } from '@espalier/runtime';
   *
   * export async function once(checkpoint: Checkpoint, image: Float32Array): Promise<Float32Array> {
   *   const plan = await compile(checkpoint);
   *   try {
   *     return await plan.run(image);
   *   } finally {
   *     await plan.dispose();
   *   }
   * }
   * ```
   */
  dispose(): Promise<void> {
    return this.#execution.dispose();
  }
}
