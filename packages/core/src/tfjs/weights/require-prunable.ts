import { NoPrunableWeightsError } from './no-prunable-weights-error.js';
import type { WeightTable } from './weight-table.js';

/** Throws unless there is an entry that could be masked. */
export function requirePrunable({ all, prunable }: WeightTable, who: string): void {
  if (!prunable.some(({ variable }) => variable.size > 0)) throw new NoPrunableWeightsError(who, all);
}
