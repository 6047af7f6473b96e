import { InvalidOptionError } from '@espalier/core';

/** Refuses counts that are no positive integers. */
export function requireCounts(counts: Readonly<Record<string, number>>): void {
  for (const [option, value] of Object.entries(counts)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidOptionError(option, value, 'an integer of at least 1');
    }
  }
}

/** Refuses an empty list of seeds, one that is there twice, and what is no seed. */
export function requireSeeds(seeds: readonly number[]): void {
  const sound = seeds.every(seed => Number.isSafeInteger(seed) && seed >= 0);
  if (seeds.length > 0 && sound && new Set(seeds).size === seeds.length) return;
  throw new InvalidOptionError('seeds', seeds, 'a list of different integers from 0 to 2^53 − 1, at least one');
}
