import { checkOptions, InvalidOptionError, rules } from '@espalier/core';

/**
 * How long retraining lasts: the same in every phase, a total that is split, or a list with the steps of each phase.
 */
export type RetrainSteps =
  | readonly number[]
  | {
      /** Steps of each phase, an integer ≥ 0. */
      readonly perPhase: number;
    }
  | {
      /** Steps of all phases together, an integer ≥ 0: `floor(total / phases)` each, the remainder in the last. */
      readonly total: number;
    };

/** One cut and the retraining that follows it. */
export interface Phase {
  /** Position of the first step after the cut. */
  readonly begin: number;
  /** Overall sparsity from the cut on. */
  readonly sparsity: number;
  /** Steps of retraining. */
  readonly steps: number;
}

/** Fraction of the remaining weights that each of `phases` cuts takes to end at `sparsity`: `1 − (1 − S)^(1/P)`. */
export function fractionPerPhase(sparsity: number, phases: number): number {
  return 1 - (1 - sparsity) ** (1 / phases);
}

/** Steps of each phase. */
export function stepsOfPhases(retrainSteps: RetrainSteps, phases: number): number[] {
  if (Array.isArray(retrainSteps)) return listed(retrainSteps, phases);
  checkOptions<{ perPhase?: number; total?: number }>(
    retrainSteps,
    { perPhase: rules.optional(rules.integer({ from: 0 })), total: rules.optional(rules.integer({ from: 0 })) },
    'retrainSteps',
  );
  const { perPhase, total } = retrainSteps as { readonly perPhase?: number; readonly total?: number };
  const given = perPhase ?? total;
  if (given === undefined || (perPhase !== undefined && total !== undefined)) {
    throw new InvalidOptionError('retrainSteps', retrainSteps, 'either { perPhase } or { total } or a list, in steps');
  }
  if (perPhase !== undefined) return Array.from({ length: phases }, () => perPhase);
  const each = Math.floor(given / phases);
  return Array.from({ length: phases }, (_, i) => (i === phases - 1 ? given - each * (phases - 1) : each));
}

function listed(steps: readonly number[], phases: number): number[] {
  for (const [index, each] of steps.entries()) rules.integer({ from: 0 })(`retrainSteps[${index}]`, each as never);
  if (steps.length === phases) return [...steps];
  throw new InvalidOptionError('retrainSteps', steps, `a list of ${phases} numbers, one for each of the phases`);
}

/** The phases from the first cut on; the last reaches `sparsity` exactly, whatever the rounding of the powers. */
export function phasesOf(sparsity: number, start: number, steps: readonly number[]): Phase[] {
  let begin = start;
  return steps.map((length, i) => {
    const last = i === steps.length - 1;
    const phase = { begin, sparsity: last ? sparsity : 1 - (1 - sparsity) ** ((i + 1) / steps.length), steps: length };
    begin += length;
    return phase;
  });
}
