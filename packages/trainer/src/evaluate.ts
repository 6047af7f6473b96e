import { checkOptions, InvalidOptionError, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Batches, disposeBatch, isSeries } from './batch.js';
import type { Loss } from './loss.js';
import type { Metric } from './metric.js';
import { checkBatch } from './output/check-batch.js';
import { type Judge, judgeOf, requireAccuracy, score } from './output/judge.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** How good a model is on a set of examples. */
export interface Evaluation {
  /** Mean loss over the examples. */
  readonly loss: number;
  /**
   * Fraction of examples whose largest output is the true class, in [0, 1]; or the mean of
   * {@link EvaluateOptions.metric}.
   */
  readonly accuracy: number;
  /** Number of examples that were looked at. */
  readonly examples: number;
}

/** How {@link evaluate} judges. */
export interface EvaluateOptions {
  /**
   * Loss to average.
   *
   * @defaultValue what the model's output asks for: see {@link evaluate}
   */
  readonly loss?: Loss | undefined;
  /**
   * What to report as accuracy.
   *
   * @defaultValue the fraction of examples whose largest output is the true class
   */
  readonly metric?: Metric | undefined;
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
 * @param model - A model with one input and one output, `[examples, classes]`; another output needs a metric.
 * @param batches - A finite series of batches; it must not be empty.
 * @param options - Loss and metric; or the loss alone.
 * @throws {@link InvalidOptionError} if there is no example, the model has several inputs or outputs, an option is
 *   impossible, or the loss contradicts the model's output.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 * @throws {@link NoDefaultLossError} if there is no loss and none fits.
 * @throws {@link NoAccuracyError} if there is no metric and the output is not `[examples, classes]`.
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
  batches: Batches,
  options: Loss | EvaluateOptions = {},
): Promise<Evaluation> {
  const given: EvaluateOptions = typeof options === 'function' ? { loss: options } : options;
  checkOptions<EvaluateOptions>(given, {
    loss: rules.optional(rules.function),
    metric: rules.optional(rules.function),
    signal: rules.optional(rules.signal),
  });
  const { loss, metric, signal } = given;
  return evaluateBy(judgeOf(model, loss), batches, metric, signal);
}

/** {@link evaluate} with a judge that is known already. */
export async function evaluateBy(
  judge: Judge,
  batches: Batches,
  metric: Metric | undefined,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  signal?.throwIfAborted();
  const yieldNow = yieldToEventLoop(50);
  if (!metric) requireAccuracy(judge);
  if (!isSeries(batches)) throw new InvalidOptionError('batches', batches, 'an iterable of batches');
  let index = 0;
  let examples = 0;
  let correct = 0;
  let total = 0;
  for await (const batch of batches) {
    try {
      await checkBatch(batch, judge, `batch ${index}`, metric === undefined);
      const { xs, ys } = batch;
      const count = xs.shape[0] ?? 0;
      const [mean = Number.NaN, right = Number.NaN] = await dataOf(tf.tidy(() => score(judge, metric, xs, ys)));
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
  if (metric && !(accuracy >= -1e-6 && accuracy <= 1 + 1e-6)) {
    throw new InvalidOptionError('metric', `giving ${accuracy}`, 'a function that gives a fraction from 0 to 1');
  }
  return { loss: total / examples, accuracy, examples };
}

async function dataOf(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}
