import { checkOptions, InvalidOptionError, type OptionRules, type PruningMethod, rules } from '@espalier/core';
import { growAfterPruning, initialSelection } from './grow-and-prune.js';
import { type PartitionedOptions, partitionedOf, partitionedRules } from './options.js';
import { partitionLayers } from './partition-rule.js';

/** Options of {@link parallelGap}. */
export interface ParallelGapOptions extends PartitionedOptions {
  /** Which copy this is, and so which partition is dense in it: an integer from 0 to κ − 1. */
  readonly partition: number;
}

/** What each of them must be by itself. */
export const parallelGapRules: OptionRules<ParallelGapOptions> = {
  ...partitionedRules,
  partition: rules.integer({ from: 0 }),
};

/**
 * One copy of one round of parallel grow-and-prune (P-GaP): the model is made sparse throughout, then its partition
 * `partition` is grown, and both hold until the round ends.
 *
 * A round of P-GaP trains κ such copies of one model, each with another partition dense, in any order, on any machines;
 * then {@link combine} takes every partition from the copy where it was dense, and {@link pruneCheckpoint} gives the
 * all-sparse model of the next round. Give the masks of that model to the session (option `masks`), load its weights,
 * and use a new optimizer: the method then keeps its masks as they are. In the first round all copies must have the
 * same seed, so that they draw the same initial masks.
 *
 * Weights of the grown partition that the sparse model lacks start at 0. The method never acts after its start and
 * promises no sparsity, because one partition is dense at its end; how long a copy trains is up to your loop.
 *
 * Source: Ma et al. 2022, {@link https://arxiv.org/abs/2106.09857}, algorithm 2. The authors train 10 rounds of 10
 * epochs for 3 and 6 partitions, 5 epochs for 2.
 *
 * @param options - Target, partitions, and which one is dense.
 * @returns A method for `PruningSession.start`.
 * @throws {@link @espalier/core!InvalidOptionError} if an option is out of range; a `partition` that the rule does not
 *   make is refused when the session starts. Partitions that do not fit the model are refused then, too
 *   ({@link PartitionError}).
 *
 * @example The second of three copies.
 * ```ts
 * import { parallelGap } from '@espalier/prune-gap';
 *
 * const method = parallelGap({ sparsity: 0.9, partitions: 3, partition: 1 });
 * ```
 */
export function parallelGap(options: ParallelGapOptions): PruningMethod<null> {
  checkOptions<ParallelGapOptions>(options, parallelGapRules);
  const common = partitionedOf(options);
  const { partition } = options;
  return {
    specification: 'v1',
    name: 'parallel-gap',
    citation: 'Ma et al. 2022, arXiv:2106.09857',
    options: { ...common.report, partition },
    start({ layers, random }) {
      const partitions = partitionLayers(layers, common.rule);
      const names = partitions[partition];
      if (!names) throw new InvalidOptionError('partition', partition, `less than ${partitions.length}, one for each`);
      const sparse = initialSelection(layers, common, random);
      return {
        state: null,
        phase: `grow partition ${partition}`,
        ...growAfterPruning(layers, sparse, names, () => true),
      };
    },
    plan: () => ({}),
    decide: () => ({ state: null }),
  };
}
