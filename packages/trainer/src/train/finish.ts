import type { Checkpoint, Json, MethodState } from '@espalier/core';
import type { PruningSession } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { DivergedError } from '../errors.js';

/** The session as a checkpoint with the model's topology in it; refuses one that would store a NaN or an infinity. */
export async function takeCheckpoint<State extends MethodState>(
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
