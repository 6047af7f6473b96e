import { type Checkpoint, CheckpointMismatchError, requireCheckpoint } from '@espalier/core';
import type { Graph } from './graph.js';
import { graphFromTopology, type TopologyOptions } from './topology/graph-from-topology.js';

/**
 * The network of a checkpoint, from its topology and its weights; masked entries are 0.
 *
 * @param checkpoint - A checkpoint that was made with its model (`session.checkpoint({ model })`). Values are shared,
 *   not copied.
 * @param options - Sizes of inputs that the model leaves open.
 * @throws {@link InvalidOptionError} if it is no checkpoint, or the sizes do not fit the model.
 * @throws {@link CheckpointMismatchError} if it holds no topology.
 * @throws {@link InvalidTopologyError} if the topology is malformed or a weight is missing.
 * @throws {@link UnsupportedLayersError} if the runtime cannot run some layers.
 *
 * @example
 * ```ts
 * import { decodeCheckpoint } from '@espalier/core';
 * import { graphFromCheckpoint } from '@espalier/runtime';
 *
 * export const graphOf = (file: Uint8Array) => graphFromCheckpoint(decodeCheckpoint(file));
 * ```
 */
export function graphFromCheckpoint(
  checkpoint: Pick<Checkpoint, 'model' | 'weights'>,
  options: TopologyOptions = {},
): Graph {
  requireCheckpoint(checkpoint, ['weights']);
  if (checkpoint.model === null || checkpoint.model === undefined) {
    throw new CheckpointMismatchError(
      'It holds no topology. Save it with session.checkpoint({ model }), or describe the network for graphFromDescription.',
    );
  }
  return graphFromTopology(checkpoint.model, checkpoint.weights, options);
}
