import type { Checkpoint, StoredWeight } from '@espalier/core';

/**
 * So small, relative to the largest weight of its tensor, that no output changes, not even where the batch norms behind
 * an emptied layer divide by next to nothing, and so large that the product of two does not underflow.
 */
const FILLING = 1e-14;

/** The checkpoint with every zero of the prunable weights replaced, so that sparse kernels have to do all the work. */
export function withoutZeros(checkpoint: Checkpoint): Checkpoint {
  const weights = new Map<string, StoredWeight>(checkpoint.weights);
  for (const name of checkpoint.masks.keys()) {
    const weight = weights.get(name);
    if (weight !== undefined) weights.set(name, { ...weight, values: filled(weight.values) });
  }
  return { ...checkpoint, weights };
}

function filled(values: Float32Array): Float32Array {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0) || 0);
  const filling = FILLING * (Number.isFinite(largest) && largest > 0 ? largest : 1);
  const copy = values.slice();
  for (let i = 0; i < copy.length; i++) if (copy[i] === 0) copy[i] = filling;
  return copy;
}
