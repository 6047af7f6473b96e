import { numberIn, type OptionData, type TrainingRun } from '@espalier/core';

/**
 * When gradual pruning prunes, if nobody says: from an eighth of the run, or at once in a trained network, to two
 * thirds of it, 40 times.
 */
export function gradualWindow(
  { steps, trained }: TrainingRun,
  given: OptionData,
): { readonly start: number; readonly end: number; readonly every: number } {
  const start = numberIn(given, 'cadence', 'start') ?? (trained ? 0 : Math.floor(steps / 8));
  const end = numberIn(given, 'cadence', 'end') ?? Math.max(start, Math.floor((2 * steps) / 3));
  return { start, end, every: Math.max(1, Math.floor((end - start) / 40)) };
}
