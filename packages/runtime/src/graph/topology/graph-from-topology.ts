import {
  checkOptions,
  InvalidOptionError,
  type Json,
  readTopology,
  rules,
  type StoredTensor,
  type TopologyLayer,
} from '@espalier/core';
import { UnsupportedLayersError } from '../../errors.js';
import type { Graph } from '../graph.js';
import { GraphBuilder } from '../graph-builder.js';
import { settled, type Value } from './layer-call.js';
import { type InputShapes, networkInputs } from './network-inputs.js';
import { Refusals, readNetwork } from './read-network.js';
import { carriesOut } from './readers/layer-readers.js';
import { WeightReader } from './weights.js';

/** Options of {@link graphFromTopology} and `fromLayersModel`. */
export interface TopologyOptions {
  /**
   * Sizes of the input without the batch, or of several inputs by name, where the model leaves them open: a network of
   * convolutions runs at any size, but a plan has one.
   *
   * @defaultValue The sizes that the model says.
   */
  readonly inputShape?: InputShapes | undefined;
}

/**
 * The network that a Keras topology and weights by name describe: Sequential and functional models, nested ones and
 * shared layers too, with any number of inputs and outputs.
 *
 * The table in the package's README lists the layers and options that are supported. Sequences `[length, channels]` are
 * images of one row; `channels_last` alone is supported.
 *
 * @param topology - What `LayersModel.toJSON` gives, or the `modelTopology` of a `model.json`, of Keras 2, Keras 3 or
 *   TensorFlow.js.
 * @param weights - Weights by stable name (`conv1/kernel`), as a checkpoint holds them. Values are shared, not copied.
 * @param options - Sizes that the model leaves open.
 * @returns A graph that passes {@link checkGraph}. Nodes are called like the layers that they come from, and so are
 *   the results of a model with several outputs.
 * @throws {@link InvalidOptionError} if the weights are no Map of tensors, or the sizes do not fit the model.
 * @throws {@link UnsupportedLayersError} with all layers that cannot be run.
 * @throws {@link InvalidTopologyError} if the topology is malformed, has an input of unknown size, or contradicts the
 * weights: one is missing, left over, or of another size than its layer says.
 * @throws {@link InvalidGraphError} if shapes or weights do not agree or are over the limits.
 *
 * @example
 * ```ts
 * import { graphFromTopology } from '@espalier/runtime';
 *
 * const topology = {
 *   class_name: 'Sequential',
 *   config: [
 *     { class_name: 'Dense', config: { name: 'head', units: 1, use_bias: false, batch_input_shape: [null, 2] } },
 *   ],
 * };
 * const weights = new Map([['head/kernel', { shape: [2, 1], values: Float32Array.of(1, 2) }]]);
 * graphFromTopology(topology, weights).output; // 'head'
 * ```
 */
export function graphFromTopology(
  topology: Json,
  weights: ReadonlyMap<string, StoredTensor>,
  options: TopologyOptions = {},
): Graph {
  requireTensors(weights);
  checkOptions<TopologyOptions>(options, { inputShape: rules.anything });
  const refusals = new Refusals();
  const { model, origin } = readTopology(topology, weights.size, {
    registered: () => true, // classes that the runtime does not have are refused below, all at once
    carriesOut,
    refused: ({ layer, className, reason }) => refusals.add(layer, className, reason),
  });
  const inputs = networkInputs(model, options.inputShape);
  const [first, ...others] = inputs.map(({ name, shape }) => ({ name, shape }));
  const builder = new GraphBuilder(first as Graph['input'], others);
  const reader = new WeightReader(weights);
  const values = inputs.map(({ name, view }): Value => ({ node: name, view }));
  const results = readNetwork({ builder, weights: reader, refusals, origin }, model.name, model.network, values);
  if (refusals.layers.length > 0 || !results.every(result => result !== undefined))
    throw new UnsupportedLayersError(refusals.layers);
  reader.requireAllRead();
  const [output, ...otherOutputs] = outputNames(builder, model, results);
  return builder.build(output as string, otherOutputs);
}

/** Names of the nodes that give the results; of several each is called like its layer. */
function outputNames(builder: GraphBuilder, model: TopologyLayer, results: readonly Value[]): readonly string[] {
  const layers = model.network?.kind === 'functional' ? model.network.outputs.map(({ call }) => call.layer.name) : [];
  const names = results.map((value, index) => {
    const name = layers[index] ?? model.name;
    const call = { name, builder };
    const { node } = settled(call, value);
    if (results.length === 1 || node === name) return node;
    const inputs = [node];
    return builder.add({ kind: 'activation', name: builder.freeName(name), inputs, activation: 'linear' });
  });
  return [...new Set(names)];
}

function requireTensors(weights: unknown): void {
  if (!(weights instanceof Map)) throw new InvalidOptionError('weights', weights, 'a Map of weights by name');
  for (const [name, tensor] of weights) {
    const { shape, values } = (typeof tensor === 'object' && tensor !== null ? tensor : {}) as Partial<StoredTensor>;
    if (Array.isArray(shape) && values instanceof Float32Array) continue;
    throw new InvalidOptionError(`weights["${name}"]`, tensor, 'a tensor, with shape and values in a Float32Array');
  }
}
