import {
  activeMagnitude,
  checkOptions,
  countOnes,
  type LayerView,
  type LearningRateSegment,
  type OptionRules,
  type PruningMethod,
  requireLearningRateSegments,
  rules,
  selectMasks,
} from '@espalier/core';
import { growAfterPruning, initialSelection } from './grow-and-prune.js';
import { growingLayers } from './growing-layers.js';
import { type PartitionedOptions, partitionedOf, partitionedRules } from './options.js';

/** Options of {@link gap}. */
export interface GapOptions extends PartitionedOptions {
  /**
   * Steps that a partition stays dense (the paper's k epochs), an integer ≥ 1.
   *
   * @see Ma et al. 2022, algorithm 1. The authors' driver for WMT14 takes 5 epochs by default.
   */
  readonly turnLength: number;
  /**
   * How many turns there are in all, an integer ≥ 1; take a multiple of the number of partitions, so that all are grown
   * equally often. What follows the last turn is fine-tuning at full sparsity.
   *
   * @see Ma et al. 2022: "steps". The authors' driver for WMT14 takes 100 by default.
   */
  readonly turns: number;
  /**
   * `cyclic` grows partition 0, 1, …, κ − 1, 0, …; `random` deals all layers anew into κ equal hands at every turn and
   * grows one hand. The authors advise `cyclic`.
   *
   * @defaultValue 'cyclic'
   */
  readonly order?: 'cyclic' | 'random' | undefined;
  /**
   * Optimizer slots at the end of each turn: `reset` as the authors do, who start a new process for every turn; `keep`
   * as in their variant within one process, where slots of entries that are pruned are still reset.
   *
   * @defaultValue 'reset'
   */
  readonly slots?: 'reset' | 'keep' | undefined;
  /**
   * Learning rate that starts anew with every turn, e.g. a warm-up and a decay over `turnLength` steps. After the last
   * turn the session's own schedule holds again. Left out, the session's schedule holds throughout.
   */
  readonly learningRate?: readonly LearningRateSegment[] | undefined;
}

/** What each of them must be by itself. */
export const gapRules: OptionRules<GapOptions> = {
  ...partitionedRules,
  turns: rules.integer({ from: 1 }),
  turnLength: rules.steps({ from: 1 }),
  order: rules.optional(rules.oneOf('cyclic', 'random')),
  slots: rules.optional(rules.oneOf('reset', 'keep')),
  learningRate: rules.optional(requireLearningRateSegments),
};

/**
 * Cyclic grow-and-prune (C-GaP): at any time one partition of the layers is dense and all others are sparse. After
 * every `turnLength` steps the dense partition is pruned to the target by magnitude, and the next one is grown: its
 * mask is dropped, and its masked weights train on from 0. After the last turn all partitions are sparse, at position
 * `turns · turnLength − 1`, and stay so.
 *
 * The distribution is always asked about the whole model. Rules that do not look at weights (`uniform`, `erdosRenyi`,
 * …) give a sparse layer the count it has, so only the dense partition changes; `global` and `lamp` let all layers
 * compete for one budget, which each turn also takes entries from sparse layers. A layer that is dense and to be grown
 * again at once (κ = 1, or by chance in random order) is pruned first: the weights outside its mask become 0 and train
 * on.
 *
 * Expected density during training, equal partitions: `1/κ + (1 − 1/κ)(1 − sparsity)`.
 *
 * Differences from the authors' code: counts are exact (theirs keep everything above an interpolated percentile);
 * sparse partitions of a trained network can start from magnitudes instead of random masks; slots and gradients of
 * masked entries are masked; `global` ranks the whole model, theirs only the partition that is pruned. Left out is
 * their oscillation of the whole model without partitions ("random GaP").
 *
 * Source: Ma et al. 2022, "Effective Model Sparsification by Scheduled Grow-and-Prune Methods",
 * {@link https://arxiv.org/abs/2106.09857}, algorithm 1.
 *
 * @param options - Target, partitions, and how long and how often each is dense.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range. Partitions that do not fit the model
 *   are refused with {@link PartitionError} when the session starts.
 *
 * @example Four partitions, each dense three times for 500 steps; 90 % from position 5999 on.
 * ```ts
 * import { gap } from '@espalier/prune-gap';
 *
 * const method = gap({ sparsity: 0.9, partitions: 4, turns: 12, turnLength: 500 });
 * ```
 */
export function gap(options: GapOptions): PruningMethod<number> {
  checkOptions<GapOptions>(options, gapRules);
  const common = partitionedOf(options);
  const { sparsity, rule, distribution } = common;
  const { turns, turnLength, order = 'cyclic', slots = 'reset', learningRate } = options;
  rules.integer({ from: 1 })('turns · turnLength', (turns * turnLength) as never);
  const segments = learningRate?.map(segment => ({ ...segment }));

  const isDense = ({ mask, size }: LayerView): boolean => countOnes(mask) === size;
  const rateFrom = (start: number) => (segments ? { learningRate: { start, segments } } : {});
  return {
    specification: 'v1',
    name: 'gap',
    citation: 'Ma et al. 2022, arXiv:2106.09857',
    options: { ...common.report, turns, turnLength, order, slots, learningRate: segments ?? null },
    ...(distribution.partial ? {} : { target: { sparsity, position: turns * turnLength - 1 } }),
    start({ layers, random }) {
      const { names, phase } = growingLayers(layers, rule, order, 0, random);
      const sparse = initialSelection(layers, common, random);
      return { state: 0, phase, ...growAfterPruning(layers, sparse, names, () => false), ...rateFrom(0) };
    },
    plan: ({ position }, turn) =>
      turn < turns && position === (turn + 1) * turnLength - 1 ? { observe: { kind: 'weights' } } : {},
    decide({ layers, random, clock }, turn) {
      const state = turn + 1;
      const sparse = selectMasks(layers, activeMagnitude, sparsity, distribution);
      if (state === turns) {
        return { state, phase: 'fine-tune', masks: sparse, slots, ...(segments ? { learningRate: null } : {}) };
      }
      const { names, phase } = growingLayers(layers, rule, order, state, random);
      const grown = growAfterPruning(layers, sparse, names, isDense);
      return { state, phase, ...grown, slots, ...rateFrom(clock.position + 1) };
    },
  };
}
