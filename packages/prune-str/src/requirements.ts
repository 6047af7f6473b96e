import { InvalidOptionError } from '@espalier/core';

/** Refuses a threshold that cannot be trained. */
export function requireThreshold(initialThreshold: number, thresholdDecay: number): void {
  if (!Number.isFinite(initialThreshold)) {
    throw new InvalidOptionError('initialThreshold', initialThreshold, 'a finite number, e.g. -3200');
  }
  if (!(Number.isFinite(thresholdDecay) && thresholdDecay >= 0)) {
    throw new InvalidOptionError('thresholdDecay', thresholdDecay, 'a finite number ≥ 0');
  }
}
