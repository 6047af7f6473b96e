import type { Checkpoint } from './checkpoint.js';
import { requireCheckpoint } from './require-checkpoint.js';
import { countActive } from './tensors/active-entries.js';
import { packedLength } from './tensors/packed-mask.js';

/** Counts of one prunable weight. */
export interface LayerSparsity {
  /** Name of the weight. */
  readonly name: string;
  /** Dimensions of the weight. */
  readonly shape: readonly number[];
  /** Entries, the product of `shape`. */
  readonly size: number;
  /**
   * Entries that the mask keeps; those of them that are not 0 while a {@link Reparameterization} is in force, because
   * it makes zeros that no mask has yet.
   */
  readonly active: number;
  /** Entries that are not 0; at most `active`, because a active entry may happen to be 0. */
  readonly nonzero: number;
  /** Fraction of the entries that are not active, in [0, 1]; 0 for a weight without entries. */
  readonly sparsity: number;
}

/**
 * Sparsity of a checkpoint, counted in its masks, and in its weights where a {@link Reparameterization} is in force.
 */
export interface CheckpointSparsity {
  /** Masked fraction of the entries of all weights that have a mask; 0 if none has. */
  readonly prunable: number;
  /** Masked entries as a fraction of the entries of *all* weights, biases and batch-norm statistics included. */
  readonly all: number;
  /** Every weight that has a mask, in the model's order. */
  readonly perLayer: readonly LayerSparsity[];
}

/**
 * Sparsity of prunable weights, of all weights, and of each layer.
 *
 * @param checkpoint - Not modified.
 *
 * @example
 * ```ts
 * import { type Checkpoint, checkpointSparsity } from '@espalier/core';
 *
 * export function print(checkpoint: Checkpoint): void {
 *   const { prunable, perLayer } = checkpointSparsity(checkpoint);
 *   for (const { name, active, size } of perLayer) console.log(`${name}: ${active} of ${size}`);
 *   console.log(`${(100 * prunable).toFixed(1)} % of the prunable weights are masked`);
 * }
 * ```
 */
export function checkpointSparsity(checkpoint: Checkpoint): CheckpointSparsity {
  requireCheckpoint(checkpoint);
  const perLayer: LayerSparsity[] = [];
  let entries = 0;
  for (const [name, { shape, values }] of checkpoint.weights) {
    entries += values.length;
    const mask = checkpoint.masks.get(name);
    if (!mask) continue;
    const nonzero = countNonzero(values);
    const active = checkpoint.reparameterization?.raw.has(name) ? nonzero : countActive(mask);
    const size = mask.length;
    perLayer.push({
      name,
      shape,
      size,
      active,
      nonzero,
      sparsity: fraction(size - active, size),
    });
  }
  const masked = perLayer.reduce((sum, { size, active }) => sum + size - active, 0);
  const prunable = perLayer.reduce((sum, { size }) => sum + size, 0);
  return { prunable: fraction(masked, prunable), all: fraction(masked, entries), perLayer };
}

/** Sizes of the tensor data of a checkpoint. */
export interface CheckpointBytes {
  /** All weights as dense 32-bit floats: the data of {@link denseSafetensors}. */
  readonly dense: number;
  /**
   * All weights as {@link encodeCheckpoint} stores them: one bit per prunable entry and four bytes per stored value.
   */
  readonly sparse: number;
}

/**
 * Bytes that the weights take, dense and in a checkpoint. Only weights and masks are counted: no slots, no snapshots,
 * and no file headers (some kilobytes, mostly the model's topology). Compressed sizes are for the caller to measure.
 *
 * @param checkpoint - Not modified.
 *
 * @example
 * ```ts
 * import { type Checkpoint, checkpointBytes } from '@espalier/core';
 *
 * export function ratio(checkpoint: Checkpoint): number {
 *   const { dense, sparse } = checkpointBytes(checkpoint);
 *   return sparse / dense; // about 0.13 at 90 % sparsity
 * }
 * ```
 */
export function checkpointBytes(checkpoint: Checkpoint): CheckpointBytes {
  requireCheckpoint(checkpoint);
  let dense = 0;
  let sparse = 0;
  for (const [name, { values }] of checkpoint.weights) {
    const mask = checkpoint.masks.get(name);
    dense += 4 * values.length;
    sparse += mask ? packedLength(mask.length) + 4 * countActive(mask) : 4 * values.length;
  }
  return { dense, sparse };
}

function fraction(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function countNonzero(values: Float32Array): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) count++;
  return count;
}
