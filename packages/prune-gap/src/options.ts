import {
  type Distribution,
  InvalidOptionError,
  type Json,
  type OptionRules,
  requireDistribution,
  requireSparsity,
  rules,
  uniform,
} from '@espalier/core';
import { contiguous } from './contiguous.js';
import type { PartitionRule } from './partition-rule.js';
import { partitionsRule } from './partitions-data.js';

/** What the cyclic and the parallel method have in common. */
export interface PartitionedOptions {
  /** Overall fraction of prunable entries that are masked when every partition is sparse, in [0, 1). */
  readonly sparsity: number;
  /**
   * How the layers are partitioned: a rule, or the number κ of {@link contiguous} partitions. The paper uses the four
   * stages for ResNet-50 ({@link convStages}) and 2, 3 or 6 partitions for Transformer-big ({@link transformerBlocks}).
   */
  readonly partitions: number | PartitionRule;
  /**
   * Masks of the partitions that start sparse: `random` for a network trained from scratch, `magnitude` for a trained
   * one. Layers that are masked already keep their mask, as far as it is at least as sparse.
   *
   * @defaultValue 'random'
   * @see Ma et al. 2022, algorithm 1. The authors round the number of entries down, we round it as everywhere.
   */
  readonly initialMasks?: 'random' | 'magnitude' | undefined;
  /**
   * How the sparsity is spread over the layers.
   *
   * @defaultValue `uniform`, the same in every layer
   * @see Ma et al. 2022: their "uniform" results; `global` comes closest to their "non-uniform" ones.
   */
  readonly distribution?: Distribution | undefined;
}

/** The common options, checked and with their defaults. */
export interface Partitioned {
  readonly sparsity: number;
  readonly rule: PartitionRule;
  readonly initialMasks: 'random' | 'magnitude';
  readonly distribution: Distribution;
  /** The same as plain data, for checkpoints and reports. */
  readonly report: { readonly [key: string]: Json };
}

/** What each of them must be by itself; the partitions are looked at by {@link requireRule}. */
export const partitionedRules: OptionRules<PartitionedOptions> = {
  sparsity: requireSparsity,
  partitions: partitionsRule,
  initialMasks: rules.optional(rules.oneOf('random', 'magnitude')),
  distribution: rules.optional(requireDistribution),
};

export function partitionedOf(options: PartitionedOptions): Partitioned {
  const { sparsity, partitions, initialMasks = 'random' } = options;
  const distribution: Distribution = options.distribution ?? uniform;
  const rule = requireRule(partitions);
  const report = { sparsity, partitions: rule.name, initialMasks, distribution: distribution.name };
  return { sparsity, rule, initialMasks, distribution, report };
}

/** The rule that the option `partitions` means. */
export function requireRule(partitions: number | PartitionRule): PartitionRule {
  if (typeof partitions === 'function') return partitions;
  if (typeof partitions === 'number') return contiguous(partitions);
  throw new InvalidOptionError('partitions', partitions, 'an integer ≥ 1 or a partition rule');
}
