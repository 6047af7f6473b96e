import type { Json, StoredTensor } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Graph } from '../graph/graph.js';
import { graphFromTopology, type TopologyOptions } from '../graph/topology/graph-from-topology.js';

/**
 * The network of a `LayersModel`, with a copy of its weights as they are now.
 *
 * @param model - A built model. Neither changed nor disposed of; no tensor is made or kept.
 * @param options - Sizes of inputs that the model leaves open.
 * @returns A graph for `compile`. Later training does not change it.
 * @throws {@link UnsupportedLayersError} if the runtime cannot run some layers.
 * @throws {@link InvalidTopologyError} if the model has an input of unknown size that the options do not give.
 * @throws {@link InvalidOptionError} if the sizes do not fit the model.
 *
 * @example
 * ```ts
 * import { fromLayersModel } from '@espalier/runtime/tfjs';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ name: 'head', units: 2, inputShape: [4] })] });
 * fromLayersModel(model).then(graph => console.log(graph.output)); // head
 * ```
 */
export async function fromLayersModel(model: LayersModel, options: TopologyOptions = {}): Promise<Graph> {
  const weights = new Map<string, StoredTensor>();
  for (const { name, variable } of modelWeights(model)) {
    weights.set(name, { shape: variable.shape, values: Float32Array.from(await variable.data()) });
  }
  return graphFromTopology(JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json, weights, options);
}
