import { type Checkpoint, type Json, SparsityNotReachedError } from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { DivergedError } from './errors.js';

/** The session as a checkpoint with the model's topology in it; refuses one that would store a NaN or an infinity. */
export async function takeCheckpoint<State extends Json>(
  session: PruningSession<State>,
  model: LayersModel,
  metadata: { readonly [key: string]: Json } = {},
): Promise<Checkpoint> {
  const checkpoint = await session.checkpoint({ model, metadata });
  for (const [name, { values }] of checkpoint.weights) {
    if (!values.every(Number.isFinite)) throw new DivergedError(checkpoint.clock.step, `"${name}" is not finite`);
  }
  return checkpoint;
}

/**
 * Refuses a run that ends short of what its method promised. Counts are whole numbers, so every layer may keep up to one entry
 * more than the promise says.
 */
export function requireTarget<State extends Json>({ method, masks, sparsity, clock }: PruningSession<State>): void {
  const { target } = method;
  if (!target) return;
  const entries = [...masks.values()].reduce((total, mask) => total + mask.length, 0);
  if (sparsity + masks.size / entries < target.sparsity) {
    throw new SparsityNotReachedError(sparsity, target.sparsity, target.position, clock.position);
  }
}
