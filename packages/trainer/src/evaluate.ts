import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type AnyBatch, type Batches, disposeBatch, isSeries } from './batch.js';
import type { Loss } from './loss.js';
import { type AnyLoss, isJoint, type JointLoss } from './losses/losses.js';
import { type Metric, type Metrics, type OutputMetric, placedMetric, placedMetrics } from './metric.js';
import { lossRule, metricRule, metricsRule } from './option-rules.js';
import { checkBatch } from './output/check-batch.js';
import { canTellAccuracy, type Judge, judgeOf, requireAccuracy } from './output/judge.js';
import { type Asked, score } from './output/score.js';
import { inputsOf } from './output/tensors-of.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** How good a model is on a set of examples. */
export interface Evaluation {
  /** Mean loss over the examples. */
  readonly loss: number;
  /**
   * Fraction of examples whose largest output is the true class, in [0, 1]; or the mean of
   * {@link EvaluateOptions.metric}. NaN if it cannot be told of the outputs, and there are
   * {@link EvaluateOptions.metrics}.
   */
  readonly accuracy: number;
  /** Means of {@link EvaluateOptions.metrics} over the examples, by their names; absent if none were asked for. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Number of examples that were looked at. */
  readonly examples: number;
}

/** How {@link evaluate} judges. */
export interface EvaluateOptions {
  /**
   * Loss to average; for several outputs an object with one for each name, with weights or without, or one over all
   * outputs.
   *
   * @defaultValue what the model's outputs ask for, added up: see {@link evaluate}
   */
  readonly loss?: AnyLoss | undefined;
  /**
   * What to report as accuracy.
   *
   * @defaultValue the fraction of examples whose largest output is the true class
   */
  readonly metric?: Metric | OutputMetric | undefined;
  /** What to report besides, such as {@link topK} or {@link meanAbsoluteError}. */
  readonly metrics?: Metrics | undefined;
  /** Ends the evaluation after the batch that is at work; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loss and accuracy of a model over all batches, each example counted once however large its batch is.
 *
 * The model runs in inference mode: dropout is off and batch normalization uses its moving statistics, which stay as
 * they are. Among equal outputs the class with the lower index counts as the prediction. Every batch is disposed.
 *
 * The default loss is what the model's last layers ask for, by going back from the output through layers that only move
 * numbers (reshape, flatten, dropout, time-distributed and nested models):
 *
 * - no activation, a linear or log-softmax one: the numbers are logits of {@link softmaxCrossEntropy};
 * - a softmax over the last axis: the same loss, on the logits before the softmax;
 * - a sigmoid of a single unit: {@link sigmoidCrossEntropy}, on the logit before the sigmoid; accuracy counts
 *   probabilities above 1/2;
 * - anything else, such as a tanh, several sigmoids, one linear unit or a layer of your own, is refused: give `loss`.
 *
 * Averages of several softmaxes count as probabilities, whose logarithms are clipped.
 *
 * @param model - A model. Outputs other than one of `[examples, classes]` need a metric.
 * @param batches - A finite series of batches; it must not be empty.
 * @param options - Loss and metric; or the loss alone.
 * @throws {@link InvalidOptionError} if there is no example, an option is impossible, a loss or metric names no output,
 *   or the loss contradicts the model's output.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link NoDefaultLossError} if there is no loss and none fits.
 * @throws {@link NoAccuracyError} if there is no metric and the output is not `[examples, classes]`, or there are
 *   several.
 * @throws {@link InvalidBatchError} if a batch is not what the model takes, or a label is none of its classes.
 * @throws The signal's reason if it is aborted.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { evaluate } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 * import * as layers from '@tensorflow/tfjs-layers';
 *
 * const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
 * const batch = { xs: tf.ones([4, 3]), ys: tf.zeros([4], 'int32') };
 * const { accuracy, examples } = await evaluate(model, [batch]); // 4 examples
 * ```
 */
export async function evaluate(
  model: LayersModel,
  batches: Batches<AnyBatch>,
  options: Loss | JointLoss | EvaluateOptions = {},
): Promise<Evaluation> {
  const given: EvaluateOptions =
    typeof options === 'function' || isJoint(options as AnyLoss)
      ? { loss: options as AnyLoss }
      : (options as EvaluateOptions);
  checkOptions<EvaluateOptions>(given, {
    loss: rules.optional(lossRule),
    metric: rules.optional(metricRule),
    metrics: rules.optional(metricsRule),
    signal: rules.optional(rules.signal),
  });
  const { loss, signal } = given;
  const judge = judgeOf(model, loss);
  return evaluateBy(judge, batches, askedOf(judge, given), signal);
}

/** What is asked of a model besides its loss; refuses accuracy of outputs that have none. */
export function askedOf(judge: Judge, { metric, metrics }: Pick<EvaluateOptions, 'metric' | 'metrics'>): Asked {
  const { model } = judge;
  const placed = placedMetrics(model, metrics);
  if (!metric && placed.length === 0) requireAccuracy(judge);
  return {
    metric: metric && placedMetric(model, 'metric', metric),
    metrics: placed,
    accuracy: !metric && canTellAccuracy(judge),
  };
}

/** {@link evaluate} with a judge that is known already. */
export async function evaluateBy(
  judge: Judge,
  batches: Batches<AnyBatch>,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  signal?.throwIfAborted();
  const yieldNow = yieldToEventLoop(50);
  if (!isSeries(batches)) throw new InvalidOptionError('batches', batches, 'an iterable of batches');
  let index = 0;
  let examples = 0;
  let correct = 0;
  let total = 0;
  const sums = asked.metrics.map(() => 0);
  for await (const batch of batches) {
    try {
      await checkBatch(batch, judge, `batch ${index}`, asked.accuracy);
      const { xs, ys } = batch;
      const count = inputsOf(judge.model, xs)[0]?.shape[0] ?? 0;
      const scores = await dataOf(tf.tidy(() => score(judge, asked, xs, ys)));
      const [mean = Number.NaN, right = Number.NaN, ...told] = scores;
      for (const [place, sum] of told.entries()) sums[place] = (sums[place] ?? 0) + sum;
      total += mean * count;
      correct += right;
      examples += count;
      index++;
    } finally {
      disposeBatch(batch);
    }
    await yieldNow();
    signal?.throwIfAborted();
  }
  if (examples === 0) throw new InvalidOptionError('batches', 'empty', 'at least one batch with an example');
  const accuracy = correct / examples;
  if (asked.metric && !(accuracy >= -1e-6 && accuracy <= 1 + 1e-6)) {
    throw new InvalidOptionError('metric', `giving ${accuracy}`, 'a function that gives a fraction from 0 to 1');
  }
  const found = { loss: total / examples, accuracy, examples };
  if (asked.metrics.length === 0) return found;
  const metrics = asked.metrics.map(({ name }, place) => [name, (sums[place] ?? 0) / examples] as const);
  return { ...found, metrics: Object.fromEntries(metrics) };
}

async function dataOf(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}
