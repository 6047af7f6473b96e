import {
  activeMagnitude,
  type Checkpoint,
  CheckpointMismatchError,
  checkOptions,
  type Distribution,
  requireCheckpoint,
  requireDistribution,
  requireSparsity,
  rules,
  selectMasks,
  uniform,
} from '@espalier/core';
import { layersOf } from './weight-owners.js';

/** Options of {@link pruneCheckpoint}. */
export interface PruneCheckpointOptions {
  /** Overall fraction of prunable entries that are masked, in [0, 1). */
  readonly sparsity: number;
  /**
   * How the sparsity is spread over the layers.
   *
   * @defaultValue `uniform`, as in {@link parallelGap}
   */
  readonly distribution?: Distribution | undefined;
}

/**
 * The checkpoint pruned by magnitude: the all-sparse model between two rounds of {@link parallelGap}, or after the last
 * one. Masked weights are 0; entries that are masked already stay so; exactly the counts of the distribution remain.
 *
 * Weights without a mask are untouched. The optimizer, its slots and the snapshots are left out.
 *
 * @param checkpoint - Usually the result of {@link combine}. Not modified; the result shares the arrays that do not
 *   change.
 * @param options - Sparsity and distribution.
 * @throws {@link @espalier/core!InvalidOptionError} if the sparsity is out of range.
 * @throws {@link @espalier/core!CheckpointMismatchError} if nothing of the checkpoint is prunable.
 * @throws {@link @espalier/core!NonFiniteScoreError} if a weight is NaN.
 *
 * @example
 * ```ts
 * import { type Checkpoint, checkpointSparsity } from '@espalier/core';
 * import { pruneCheckpoint } from '@espalier/prune-gap';
 *
 * export function report(combined: Checkpoint): number {
 *   return checkpointSparsity(pruneCheckpoint(combined, { sparsity: 0.9 })).prunable; // 0.9, to the rounding of counts
 * }
 * ```
 */
export function pruneCheckpoint(checkpoint: Checkpoint, options: PruneCheckpointOptions): Checkpoint {
  checkOptions<PruneCheckpointOptions>(options, {
    sparsity: requireSparsity,
    distribution: rules.optional(requireDistribution),
  });
  requireCheckpoint(checkpoint);
  const { sparsity, distribution = uniform } = options;
  if (![...checkpoint.masks.values()].some(mask => mask.length > 0)) {
    throw new CheckpointMismatchError(
      'It has no masks, so nothing of it is prunable. Include weights when its session starts.',
    );
  }
  const masks = selectMasks(layersOf(checkpoint), activeMagnitude, sparsity, distribution);
  const weights = new Map(
    [...checkpoint.weights].map(([name, weight]) => {
      const mask = masks.get(name);
      return [name, mask ? { ...weight, values: weight.values.map((w, i) => (mask[i] ? w : 0)) } : weight];
    }),
  );
  return { ...checkpoint, phase: 'sparse', masks, weights, slots: [], optimizer: null, snapshots: new Map() };
}
