import type { LearningRateSegment } from '@espalier/core';

/** Steps of the warm-up of a restart: `int(0.1 · n)`. */
export function warmUpSteps(steps: number): number {
  return Math.trunc(0.1 * steps);
}

/** A tenth of the steps from 0 to `rate` along a cosine, `rate · (1 − cos(π j / w)) / 2` at step j, then the rest. */
export function restart(
  steps: number,
  rate: number,
  rest: (steps: number) => readonly LearningRateSegment[],
): LearningRateSegment[] {
  const warmUp = warmUpSteps(steps);
  const rise: LearningRateSegment[] = warmUp > 0 ? [{ shape: 'cosine', length: warmUp, from: 0, to: rate }] : [];
  return [...rise, ...rest(steps - warmUp)];
}

/**
 * A line or half a cosine wave over all steps. As in the paper's code, `to` is the rate that the step after the last
 * one would have.
 */
export function decay(shape: 'linear' | 'cosine', steps: number, from: number, to: number): LearningRateSegment[] {
  return [{ shape, length: steps, from, to }];
}

/** The given rates in as few segments as their runs of equal values allow, so that checkpoints stay small. */
export function replay(rates: readonly number[]): LearningRateSegment[] {
  const segments: LearningRateSegment[] = [];
  let single: number[] = [];
  const flush = (): void => {
    if (single.length > 0) segments.push({ shape: 'values', values: single });
    single = [];
  };
  for (const { value, length } of runs(rates)) {
    if (length === 1) single.push(value);
    else {
      flush();
      segments.push({ shape: 'constant', length, value });
    }
  }
  flush();
  return segments;
}

function runs(rates: readonly number[]): { readonly value: number; length: number }[] {
  const found: { readonly value: number; length: number }[] = [];
  for (const value of rates) {
    const last = found.at(-1);
    if (last?.value === value) last.length++;
    else found.push({ value, length: 1 });
  }
  return found;
}
