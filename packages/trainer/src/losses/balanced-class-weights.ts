import { InvalidOptionError } from '@espalier/core';

/**
 * Weights that make all classes count the same however many examples they have: `examples / (classes · count)`, of the
 * classes that have any; 1 for those that have none.
 *
 * @param counts - Number of training examples of each class, whole numbers of at least 0.
 * @returns A weight for each class, for `classWeights` of {@link softmaxCrossEntropy}.
 * @throws {@link InvalidOptionError} if these are no counts, or all of them are 0.
 * @see King and Zeng 2001, "Logistic regression in rare events data"; the same as `class_weight='balanced'` of
 *   scikit-learn.
 *
 * @example Three of four examples are of the first class: 4 / (2 · 3) and 4 / (2 · 1).
 * ```ts
 * import { balancedClassWeights } from '@espalier/trainer';
 *
 * console.log(balancedClassWeights([3, 1])); // [0.666…, 2]
 * ```
 */
export function balancedClassWeights(counts: readonly number[]): number[] {
  const whole = Array.isArray(counts) && counts.every(count => Number.isSafeInteger(count) && count >= 0);
  const examples = whole ? counts.reduce((sum, count) => sum + count, 0) : 0;
  if (examples === 0) throw new InvalidOptionError('counts', counts, 'whole numbers of examples, not all 0');
  const present = counts.filter(count => count > 0).length;
  return counts.map(count => (count === 0 ? 1 : examples / (present * count)));
}
