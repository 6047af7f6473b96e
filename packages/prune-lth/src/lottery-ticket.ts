import {
  activeMagnitude,
  checkOptions,
  type Distribution,
  global,
  InvalidOptionError,
  type OptionRules,
  type PruningMethod,
  requireDistribution,
  rules,
  selectMasks,
} from '@espalier/core';
import { type PruningAmount, pruningAmountRules, roundsOf } from './pruning-amount.js';

/** Options of {@link lotteryTicket}; of `sparsity`, `rounds` and `fraction` give two, or one if the fraction is 0.2. */
export interface LotteryTicketOptions extends PruningAmount {
  /**
   * Position at which a round ends: steps of the dense training, an integer ≥ 1. Train for at least as many positions.
   */
  readonly roundLength: number;
  /**
   * Position k to go back to, an integer ≥ 0 and < `roundLength`: 0 is the original lottery ticket, a small k (some
   * hundred steps, a few epochs) is what large networks need.
   *
   * @defaultValue 0
   * @see Frankle et al. 2020, section 3.
   */
  readonly rewindTo?: number | undefined;
  /**
   * What goes back to position k: `weights` restores every weight as it was then (also batch-norm statistics), and the
   * position with it; `learning-rate` restores the position alone, so the trained weights go on under the old schedule.
   *
   * @defaultValue 'weights'
   * @see Renda et al. 2020, section 3, for the second.
   */
  readonly rewind?: 'weights' | 'learning-rate' | undefined;
  /**
   * How the sparsity is spread over the layers.
   *
   * @defaultValue `global`, one ranking over all layers
   */
  readonly distribution?: Distribution | undefined;
}

const REWIND_POINT = 'rewind point';

/** What each of them must be by itself. */
export const lotteryTicketRules: OptionRules<LotteryTicketOptions> = {
  ...pruningAmountRules,
  roundLength: rules.steps({ from: 1 }),
  rewindTo: rules.optional(rules.steps({ from: 0 })),
  rewind: rules.optional(rules.oneOf('weights', 'learning-rate')),
  distribution: rules.optional(requireDistribution),
};

/**
 * Lottery tickets: train to the end of a round, mask the active entries with the smallest `|w|`, go back to position k,
 * and train again under the mask; after the last round the ticket trains to the end.
 *
 * Masks come from the trained weights, before the rewind, and are nested. Since schedules, learning rate and data
 * follow the position, all of them restart by themselves at k. Optimizer slots start afresh in every round. The whole
 * run takes `roundLength + rounds · (roundLength − rewindTo)` steps; end it at position `roundLength`. The phase is
 * `round 0`, `round 1`, …, and `ticket` for the last training. `options.rounds` of the method says how many rounds
 * there are.
 *
 * Differences from open_lth: exactly `ceil(fraction · remaining)` entries go each round, equal magnitudes by index,
 * where its threshold takes one or more besides; rounds see the data in the same order; the `sparsity` modes are ours,
 * the even one with the fraction of Zimmer et al. 2023. Learning-rate rewinding also resets the slots. With a
 * distribution that has rules for single layers the fraction goes by the round's number, and no sparsity is promised.
 *
 * Source: Frankle & Carbin 2019, {@link https://arxiv.org/abs/1803.03635}, section 2; Frankle et al. 2020,
 * {@link https://arxiv.org/abs/1912.05671}, section 3 (rewinding to k); Renda et al. 2020,
 * {@link https://arxiv.org/abs/2003.02389}, section 3 (learning-rate rewinding).
 *
 * @param options - Length of a round, amount, and where to go back to.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range, or the amount over- or
 *   underdetermined.
 *
 * @example A ticket at 90 % in four rounds, rewound to step 100: 1000 + 4 · 900 steps.
 * ```ts
 * import { lotteryTicket } from '@espalier/prune-lth';
 *
 * const method = lotteryTicket({ sparsity: 0.9, rounds: 4, roundLength: 1000, rewindTo: 100 });
 * ```
 */
export function lotteryTicket(options: LotteryTicketOptions): PruningMethod<null> {
  checkOptions<LotteryTicketOptions>(options, lotteryTicketRules);
  const { roundLength, rewindTo = 0, rewind = 'weights', sparsity } = options;
  const distribution: Distribution = options.distribution ?? global;
  const { count, sparsityAfter } = roundsOf(options, Math.ceil);
  if (rewindTo >= roundLength) {
    throw new InvalidOptionError('rewindTo', rewindTo, `an integer ≥ 0 and < ${roundLength}, in steps`);
  }
  const partial = distribution.partial ?? false;
  const promised = sparsity !== undefined && !partial;

  return {
    specification: 'v1',
    name: 'lottery-ticket',
    citation: citationOf(rewind, rewindTo),
    options: {
      roundLength,
      rounds: count,
      sparsity: sparsity ?? null,
      fraction: sparsity !== undefined && options.rounds !== undefined ? null : (options.fraction ?? 0.2),
      rewindTo,
      rewind,
      distribution: distribution.name,
    },
    ...(promised ? { target: { sparsity, position: roundLength - 1 } } : {}),
    start: ({ layers }) => {
      distribution.requireLayers?.(layers);
      return { state: null, phase: 'round 0', ...(rewindTo === 0 ? { snapshot: REWIND_POINT } : {}) };
    },
    plan: ({ position, round }) => {
      if (round === 0 && position + 1 === rewindTo) return { observe: { kind: 'clock' } };
      return round < count && position + 1 === roundLength ? { observe: { kind: 'weights' } } : {};
    },
    decide: ({ layers, clock: { position, round } }) => {
      if (position + 1 < roundLength) return { state: null, snapshot: REWIND_POINT };
      return {
        state: null,
        masks: selectMasks(layers, activeMagnitude, sparsityAfter(layers, round, partial), distribution),
        rewind: { snapshot: REWIND_POINT, restore: rewind === 'weights' ? 'all' : 'position' },
        slots: 'reset',
        phase: round + 1 < count ? `round ${round + 1}` : 'ticket',
      };
    },
  };
}

function citationOf(rewind: 'weights' | 'learning-rate', rewindTo: number): string {
  if (rewind === 'learning-rate') return 'Renda et al. 2020, arXiv:2003.02389';
  return rewindTo === 0 ? 'Frankle & Carbin 2019, arXiv:1803.03635' : 'Frankle et al. 2020, arXiv:1912.05671';
}
