import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { requireCheckpoint } from '../../checkpoint/require-checkpoint.js';
import { CheckpointMismatchError, CorruptCheckpointError } from '../../errors/checkpoint-errors.js';
import { InvalidTopologyError, TopologyWeightsError } from '../../errors/topology-errors.js';
import { carryNormalization } from '../model/model-normalization.js';
import { loadWeights } from '../session/checkpoint/load-weights.js';
import { modelFromTopology } from './model-from-topology.js';

/**
 * The network of a checkpoint as an ordinary, uncompiled `LayersModel` with its sparse weights.
 *
 * No initializer is run, and nothing is allocated for layers that do not fit the stored weights. If the network is
 * refused, no tensor of it stays.
 *
 * @param checkpoint - One that was made with the option `model`.
 * @returns A new model that carries the checkpoint's normalization, if it has one; dispose it after use.
 * @throws {@link InvalidOptionError} if it is no checkpoint at all.
 * @throws {@link CheckpointMismatchError} if the checkpoint holds no topology, or another network's weights.
 * @throws {@link CorruptCheckpointError} if the topology is malformed or over the limits of {@link modelFromTopology}.
 * @throws {@link UnregisteredClassError} if it has a custom layer, or another custom class, that is not registered.
 * @throws {@link UnsupportedLayerOptionError} if TensorFlow.js would drop an option of a layer.
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
export async function toModel(
  checkpoint: Pick<Checkpoint, 'model' | 'weights'> & { readonly metadata?: Checkpoint['metadata'] | undefined },
): Promise<LayersModel> {
  requireCheckpoint(checkpoint, ['weights']);
  const { model: topology, weights, metadata } = checkpoint;
  if (typeof topology !== 'object' || topology === null || Array.isArray(topology)) {
    throw new CheckpointMismatchError(
      'It holds no topology. Save it with session.checkpoint({ model }), or use loadWeights.',
    );
  }
  return modelFromTopology(topology, weights, model => {
    loadWeights(model, checkpoint);
    carryNormalization(model, metadata);
  }).catch((cause: unknown) => {
    if (cause instanceof TopologyWeightsError)
      throw new CheckpointMismatchError(`${cause.reason} Topology and weights must be of one model.`);
    if (cause instanceof InvalidTopologyError)
      throw new CorruptCheckpointError(`Its topology is not usable. ${cause.reason}`, { cause });
    throw cause;
  });
}
