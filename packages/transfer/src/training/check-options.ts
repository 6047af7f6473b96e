import { InvalidOptionError } from '@espalier/core';
import type { TransferTrainingOptions } from './training-options.js';

/** Refuses counts that are no positive integers. */
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidOptionError(option, value, 'an integer of at least 1');
    }
  }
}

/** Settings of SGD with a learning rate that falls in steps. */
export interface DescentOptions extends Required<TransferTrainingOptions> {
  readonly learningRate: number;
}

/** Refuses impossible settings before any work is done. */
export function requireDescent({ learningRate, dropAfter, momentum, weightDecay }: DescentOptions): void {
  if (!(learningRate > 0 && learningRate < Number.POSITIVE_INFINITY)) {
    throw new InvalidOptionError('learningRate', learningRate, 'a finite number above 0');
  }
  if (!dropAfter.every((epoch, i) => Number.isSafeInteger(epoch) && epoch > (dropAfter[i - 1] ?? -1))) {
    throw new InvalidOptionError('dropAfter', dropAfter, 'ascending indices of epochs, from 0');
  }
  if (!(momentum >= 0 && momentum < 1)) throw new InvalidOptionError('momentum', momentum, 'in [0, 1)');
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY)) {
    throw new InvalidOptionError('weightDecay', weightDecay, 'a finite number of at least 0');
  }
}

/** Refuses an empty list of seeds, one that is there twice, and what is no seed. */
export function requireSeeds(seeds: readonly number[]): void {
  const sound = seeds.every(seed => Number.isSafeInteger(seed) && seed >= 0);
  if (seeds.length > 0 && sound && new Set(seeds).size === seeds.length) return;
  throw new InvalidOptionError('seeds', seeds, 'a list of different integers from 0 to 2^53 − 1, at least one');
}
