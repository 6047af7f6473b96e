import { type CompleteOptions, checkOptions, InvalidOptionError, type OptionRules, rules } from '@espalier/core';

/** Lengths of AC/DC's phases, all in steps (`fromEpochs` of `@espalier/core` converts). */
export interface PhaseLengths {
  /** Steps of the whole run, an integer ≥ `warmup + sparse + lastDense + lastSparse`. Later steps are sparse. */
  readonly total: number;
  /** First, dense phase, an integer ≥ 1. The paper: a tenth of the run on ImageNet, a twentieth on CIFAR. */
  readonly warmup: number;
  /** Each sparse phase but the last, an integer ≥ 1. The paper: 5 epochs on ImageNet, 20 on CIFAR. */
  readonly sparse: number;
  /** Each dense phase between the first and the last, an integer ≥ 1. The paper: as long as `sparse`. */
  readonly dense: number;
  /**
   * Last dense phase, an integer ≥ 1. The paper: twice as long as the others on ImageNet.
   *
   * @defaultValue `dense`
   */
  readonly lastDense?: number | undefined;
  /**
   * Least length of the last, sparse phase, an integer ≥ 1: it also takes the steps that fill no further pair of a
   * dense and a sparse phase. The paper: 15 epochs on ImageNet, 30 on CIFAR.
   *
   * @defaultValue `sparse`
   */
  readonly lastSparse?: number | undefined;
}

/** What a phase trains: all weights, or those that the mask keeps. */
export type PhaseKind = 'dense' | 'sparse';

/** One phase of a run. */
export interface Phase {
  /** Whether all weights train or only the kept ones. */
  readonly kind: PhaseKind;
  /** First position (step) of the phase, an integer ≥ 0. */
  readonly start: number;
  /** Position after its last one, an integer > `start`. */
  readonly end: number;
}

/**
 * The phases of an AC/DC run: a dense warm-up, then sparse and dense ones in turn, at the end a dense and a sparse one
 * with lengths of their own. The first is always dense and the last always sparse; there are as many pairs as fit.
 *
 * Source: Peste et al. 2021, {@link https://arxiv.org/abs/2106.12379}, section 4, and the configurations of its code.
 *
 * @param lengths - Lengths in steps.
 * @returns The phases in order, from 0 to `total` without gaps; four or a larger even number of them.
 * @throws {@link @espalier/core!InvalidOptionError} if a length is no integer ≥ 1, or `total` is too short.
 *
 * @example ResNet-50 on ImageNet in 100 epochs; one step stands for an epoch here.
 * ```ts
 * import { acdcPhases } from '@espalier/prune-acdc';
 *
 * const phases = acdcPhases({ total: 100, warmup: 10, sparse: 5, dense: 5, lastDense: 10, lastSparse: 15 });
 * phases.length; // 16
 * phases.slice(-2); // [{ kind: 'dense', start: 75, end: 85 }, { kind: 'sparse', start: 85, end: 100 }]
 * ```
 */
export function acdcPhases(lengths: PhaseLengths): readonly Phase[] {
  const { total, warmup, sparse, dense, lastDense, lastSparse } = requireLengths(lengths);
  const pairs = Math.floor((total - warmup - sparse - lastDense - lastSparse) / (dense + sparse));
  const phases: Phase[] = [];
  const add = (kind: PhaseKind, length: number): void => {
    const start = phases.at(-1)?.end ?? 0;
    phases.push({ kind, start, end: start + length });
  };
  add('dense', warmup);
  add('sparse', sparse);
  for (let pair = 0; pair < pairs; pair++) {
    add('dense', dense);
    add('sparse', sparse);
  }
  add('dense', lastDense);
  add('sparse', total - (phases.at(-1)?.end ?? 0));
  return phases;
}

const length = rules.steps({ from: 1 });

/** What each of them must be by itself. */
export const phaseLengthRules: OptionRules<PhaseLengths> = {
  total: length,
  warmup: length,
  sparse: length,
  dense: length,
  lastDense: rules.optional(length),
  lastSparse: rules.optional(length),
};

/** The lengths with their defaults, or an error. */
export function requireLengths(lengths: PhaseLengths): CompleteOptions<PhaseLengths> {
  checkOptions<PhaseLengths>(lengths, phaseLengthRules, 'phases');
  const { total, warmup, sparse, dense, lastDense = dense, lastSparse = sparse } = lengths;
  const least = warmup + sparse + lastDense + lastSparse;
  if (total < least) {
    throw new InvalidOptionError('phases.total', total, `at least warmup + sparse + lastDense + lastSparse = ${least}`);
  }
  return { total, warmup, sparse, dense, lastDense, lastSparse };
}
