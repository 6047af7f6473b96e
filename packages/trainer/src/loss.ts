import { checkOptions, InvalidOptionError, rules, ShapeMismatchError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { likeOutputs } from './losses/like-outputs.js';

/** Mean loss of a batch as a scalar, differentiable in `outputs`. `labels` are those of the {@link Batch}. */
export interface Loss {
  (outputs: tf.Tensor, labels: tf.Tensor): tf.Scalar;
  /**
   * The activation that the loss contains. {@link train} and {@link evaluate} give such a loss what the model computes
   * *before* a final activation of that kind, and the outputs as they are where the model ends in none. Absent in a
   * loss of your own: it is given the outputs as they are.
   */
  readonly activation?: 'softmax' | 'sigmoid';
}

/** Options of {@link softmaxCrossEntropy}. */
export interface SoftmaxCrossEntropyOptions {
  /**
   * Fraction ε of the probability that is spread evenly over all classes, in [0, 1): the true class gets
   * `1 − ε + ε / classes`.
   *
   * @defaultValue 0
   */
  readonly labelSmoothing?: number | undefined;
  /**
   * Weight of the examples of each class, above 0 for at least one: the loss is the weighted mean, `Σ w · loss / Σ w`,
   * with `w` the weight of an example's class (of a distribution, their mean). {@link balancedClassWeights} makes them
   * of the counts of the classes.
   *
   * @defaultValue all the same
   */
  readonly classWeights?: readonly number[] | undefined;
}

/** Options of {@link sigmoidCrossEntropy}. */
export interface SigmoidCrossEntropyOptions {
  /**
   * Fraction ε by which labels are moved to 1/2, in [0, 1): 1 becomes `1 − ε / 2`.
   *
   * @defaultValue 0
   */
  readonly labelSmoothing?: number | undefined;
  /**
   * Weights of the examples of the first class, which have the label 0, and of the second, of each unit.
   *
   * @defaultValue both the same
   */
  readonly classWeights?: readonly number[] | undefined;
}

const weightsRule = rules.that(
  'numbers of at least 0, one for each class and not all 0',
  value =>
    Array.isArray(value) &&
    value.every(weight => Number.isFinite(weight) && weight >= 0) &&
    value.some(weight => weight > 0),
);

/**
 * Softmax cross-entropy on logits, averaged over the batch.
 *
 * As the `loss` of {@link train} and {@link evaluate} it also fits models that end in a softmax: these then give it
 * what they compute before that.
 *
 * @param options - Label smoothing, weights of classes.
 * @returns A loss for logits `[examples, classes]` and labels that are class indices `[examples]` or `[examples, 1]`,
 *   or distributions `[examples, classes]`; more axes may stand between. It is NaN where an index is no class.
 * @throws {@link InvalidOptionError} if the smoothing is outside [0, 1), or the weights are none.
 * @throws {@link UnknownOptionError} if there is an option of another name. The loss itself throws
 *   {@link ShapeMismatchError} if labels have none of these shapes.
 * @see Szegedy et al. 2016, {@link https://arxiv.org/abs/1512.00567}, section 7, for label smoothing.
 *
 * @example Two equal logits: the loss is ln 2.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { softmaxCrossEntropy } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const loss = softmaxCrossEntropy()(tf.zeros([1, 2]), tf.tensor1d([1], 'int32'));
 * console.log(await loss.data()); // Float32Array [0.6931…]
 * ```
 */
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions = {}): Loss {
  checkOptions<SoftmaxCrossEntropyOptions>(options, {
    labelSmoothing: rules.optional(rules.number({ from: 0, below: 1 })),
    classWeights: rules.optional(weightsRule),
  });
  const { labelSmoothing = 0, classWeights } = options;
  const loss = (logits: tf.Tensor, labels: tf.Tensor): tf.Scalar =>
    tf.tidy(() => {
      const targets = distribution(labels, logits);
      if (!classWeights) return tf.losses.softmaxCrossEntropy(targets, logits, undefined, labelSmoothing);
      requireWeights(classWeights, logits.shape.at(-1) ?? 1);
      const weights = tf.sum(tf.mul(targets, tf.tensor1d([...classWeights])), -1);
      const { NONE } = tf.Reduction;
      const each = tf.losses.softmaxCrossEntropy(targets, logits, undefined, labelSmoothing, NONE);
      return weightedMean(tf.reshape(each, weights.shape), weights);
    });
  return Object.assign(loss, { activation: 'softmax' } as const);
}

/**
 * Sigmoid cross-entropy on logits, averaged over all of them: for a single unit that tells two classes apart, or for
 * units each of which tells whether something is there.
 *
 * As the `loss` of {@link train} and {@link evaluate} it also fits models that end in a sigmoid: these then give it
 * what they compute before that.
 *
 * @param options - Label smoothing, weights of classes.
 * @returns A loss for logits `[examples, units]` and labels in [0, 1] of the same shape, or `[examples]` for a single
 *   unit. It throws {@link ShapeMismatchError} if labels have another shape.
 * @throws {@link InvalidOptionError} if the smoothing is outside [0, 1), or the weights are not two.
 * @throws {@link UnknownOptionError} if there is an option of another name.
 *
 * @example A logit of 0: the loss is ln 2.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { sigmoidCrossEntropy } from '@espalier/trainer';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const loss = sigmoidCrossEntropy()(tf.zeros([1, 1]), tf.tensor1d([1]));
 * console.log(await loss.data()); // Float32Array [0.6931…]
 * ```
 */
export function sigmoidCrossEntropy(options: SigmoidCrossEntropyOptions = {}): Loss {
  checkOptions<SigmoidCrossEntropyOptions>(options, {
    labelSmoothing: rules.optional(rules.number({ from: 0, below: 1 })),
    classWeights: rules.optional(weightsRule),
  });
  const { labelSmoothing = 0, classWeights } = options;
  if (classWeights) requireWeights(classWeights, 2);
  const loss = (logits: tf.Tensor, labels: tf.Tensor): tf.Scalar =>
    tf.tidy(() => {
      const labeled = likeOutputs(labels, logits);
      const targets = labelSmoothing > 0 ? tf.add(tf.mul(labeled, 1 - labelSmoothing), labelSmoothing / 2) : labeled;
      // max(x, 0) − x y + ln(1 + e^−|x|), which neither overflows nor cancels.
      const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
      const each = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tail);
      if (!classWeights) return tf.mean(each) as tf.Scalar;
      const [first = 1, second = 1] = classWeights;
      return weightedMean(each, tf.add(tf.mul(labeled, second - first), first));
    });
  return Object.assign(loss, { activation: 'sigmoid' } as const);
}

/** Σ w · loss / Σ w; 0 if a batch has only examples of weight 0. */
function weightedMean(each: tf.Tensor, weights: tf.Tensor): tf.Scalar {
  return tf.div(tf.sum(tf.mul(each, weights)), tf.maximum(tf.sum(weights), 1e-30)) as tf.Scalar;
}

function requireWeights(weights: readonly number[], classes: number): void {
  if (weights.length === classes) return;
  throw new InvalidOptionError('classWeights', `${weights.length} weights`, `one for each of ${classes} classes`);
}

function distribution(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const { shape } = logits;
  if (labels.shape.join() === shape.join()) return tf.cast(labels, 'float32');
  const [indices, classes] = [shape.slice(0, -1), shape.at(-1) ?? 1];
  if (labels.shape.join() !== indices.join() && labels.shape.join() !== [...indices, 1].join()) {
    throw new ShapeMismatchError('tensor of labels', labels.shape, indices);
  }
  // The dtype argument of oneHot is no help: the WASM kernel writes integers whatever it says.
  const rows = tf.cast(tf.oneHot(tf.cast(tf.reshape(labels, indices), 'int32'), classes), 'float32');
  return tf.div(rows, tf.sum(rows, -1, true)); // 1, but 0 / 0 for an index that is no class
}
