import { InvalidOptionError, rules, ShapeMismatchError } from '@espalier/core';
import type { TaskMetric } from '../task/task.js';

/** How good predictions are. */
export interface Scores {
  /** Fraction of all examples that are right, in [0, 1]. */
  readonly top1: number;
  /**
   * Mean over the classes of the fraction of their examples that are right, in [0, 1]; classes without examples do not
   * count.
   */
  readonly meanPerClass: number;
}

/**
 * Top-1 and mean per-class accuracy of predictions.
 *
 * The two agree if every class has as many examples. With few examples of a class, mean per class gives each of them
 * more weight.
 *
 * @param predictions - Predicted class of every example.
 * @param labels - True class of every example, from 0 to `classes` − 1.
 * @param classes - Number of classes.
 * @throws {@link ShapeMismatchError} if there are more or fewer labels than predictions.
 * @throws {@link InvalidOptionError} if there is no example, a label is no class, or an argument is of another type.
 *
 * @example Three of four are right, but only one of the two classes.
 * ```ts
 * import { scorePredictions } from '@espalier/transfer';
 *
 * console.log(scorePredictions([0, 0, 0, 0], [0, 0, 0, 1], 2)); // { top1: 0.75, meanPerClass: 0.5 }
 * ```
 */
export function scorePredictions(predictions: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Scores {
  for (const [name, list] of Object.entries({ predictions, labels })) {
    if (!Array.isArray(list) && !ArrayBuffer.isView(list))
      throw new InvalidOptionError(name, list, 'an array of classes');
  }
  rules.integer({ from: 1, to: 2 ** 24 })('classes', classes as never);
  const { length } = labels;
  if (predictions.length !== length)
    throw new ShapeMismatchError('list of predictions', [predictions.length], [length]);
  if (length === 0) throw new InvalidOptionError('labels', 'empty', 'at least one example');
  const right = new Float64Array(classes);
  const examples = new Float64Array(classes);
  for (let i = 0; i < length; i++) {
    const label = labels[i] ?? -1;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new InvalidOptionError(`labels[${i}]`, label, `a class below ${classes}`);
    }
    examples[label] = (examples[label] ?? 0) + 1;
    if (predictions[i] === label) right[label] = (right[label] ?? 0) + 1;
  }
  const perClass = Array.from(right, (count, label) => count / (examples[label] ?? 0)).filter(
    fraction => fraction >= 0,
  );
  return {
    top1: right.reduce((sum, count) => sum + count, 0) / length,
    meanPerClass: perClass.reduce((sum, fraction) => sum + fraction, 0) / perClass.length,
  };
}

/** The one of the two that a task is judged by. */
export function scoreIn(metric: TaskMetric, { top1, meanPerClass }: Scores): number {
  return metric === 'top-1' ? top1 : meanPerClass;
}
