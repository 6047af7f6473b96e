import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { CheckpointMismatchError, CorruptCheckpointError } from '../errors/checkpoint-errors.js';
import { loadWeights } from './load-weights.js';

/**
 * The network of a checkpoint as an ordinary, uncompiled `LayersModel` with its sparse weights.
 *
 * @param checkpoint - One that was made with the option `model`.
 * @returns A new model; dispose it after use.
 * @throws {@link CheckpointMismatchError} if the checkpoint holds no topology, or another network's weights.
 * @throws {@link CorruptCheckpointError} if TensorFlow.js cannot build the topology, e.g. because it contains a custom
 * layer that is not registered.
 *
 * @example
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { toModel } from '@espalier/core/tfjs';
 *
 * export async function parameters(checkpoint: Checkpoint): Promise<number> {
 *   const model = await toModel(checkpoint);
 *   const count = model.countParams();
 *   model.dispose();
 *   return count;
 * }
 * ```
 */
export async function toModel(checkpoint: Pick<Checkpoint, 'model' | 'weights'>): Promise<LayersModel> {
  const { model: topology } = checkpoint;
  if (typeof topology !== 'object' || topology === null || Array.isArray(topology)) {
    throw new CheckpointMismatchError(
      'It holds no topology. Save it with session.checkpoint({ model }), or use loadWeights.',
    );
  }
  const { models } = await import('@tensorflow/tfjs-layers'); // an optional peer, needed here only
  const model = await models
    .modelFromJSON(topology as Parameters<typeof models.modelFromJSON>[0])
    .catch((cause: unknown): never => {
      throw new CorruptCheckpointError(`TensorFlow.js cannot build its model: ${String(cause)}`, { cause });
    });
  try {
    loadWeights(model, checkpoint);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}
