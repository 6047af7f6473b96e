import { InvalidOptionError } from '../errors/option-errors.js';

/**
 * Steps in a number of epochs, rounded to the nearest step. The only place where epochs enter.
 *
 * @param epochs - Epochs, a number ≥ 0; fractions are fine.
 * @param stepsPerEpoch - Optimizer steps in an epoch, an integer ≥ 1.
 * @throws {@link InvalidOptionError} if either is out of range.
 *
 * @example
 * ```ts
 * import { fromEpochs } from '@espalier/core';
 *
 * fromEpochs(1.5, 391); // 587
 * ```
 */
export function fromEpochs(epochs: number, stepsPerEpoch: number): number {
  if (!Number.isFinite(epochs) || epochs < 0) throw new InvalidOptionError('epochs', epochs, 'a number ≥ 0');
  if (!Number.isSafeInteger(stepsPerEpoch) || stepsPerEpoch < 1) {
    throw new InvalidOptionError('stepsPerEpoch', stepsPerEpoch, 'an integer ≥ 1');
  }
  return Math.round(epochs * stepsPerEpoch);
}
