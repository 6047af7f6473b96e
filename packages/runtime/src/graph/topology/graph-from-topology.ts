import { InvalidOptionError, type Json, type StoredTensor, type TopologyOrigin, topologyOrigin } from '@espalier/core';
import { UnsupportedLayersError } from '../../errors.js';
import type { Graph, Shape } from '../graph.js';
import { GraphBuilder } from '../graph-builder.js';
import { isDeeperThan, show } from '../show.js';
import { asFields, malformed } from './fields.js';
import { entryOf, isNetwork, type LayerEntry, type Network, networkOf } from './network.js';
import { readNetwork } from './read-network.js';
import { WeightShelf } from './weights.js';

/** Deepest nesting of JSON. */
const maximumDepth = 256;

/**
 * The network that a Keras topology and weights by name describe: Sequential and functional models, nested ones and shared
 * layers too.
 *
 * Supported are Conv2D (groups, dilation), DepthwiseConv2D, SeparableConv2D, Dense, BatchNormalization, Activation, ReLU (with
 * `max_value` 6 or none), Softmax of vectors, Add, Concatenate (last axis), MaxPooling2D, AveragePooling2D, their global forms,
 * ZeroPadding2D, Flatten, Reshape to a vector or from one to `[1, 1, channels]`, Permute around a zero padding of channels, and
 * layers that only act in training; activations linear, relu, relu6, softmax; `channels_last`.
 *
 * @param topology - What `LayersModel.toJSON` gives, or the `modelTopology` of a `model.json`, in the format of Keras 2.
 * @param weights - Weights by stable name (`conv1/kernel`), as a checkpoint holds them. Values are shared, not copied.
 * @returns A graph that passes {@link checkGraph}. Nodes are called like the layers that they come from.
 * @throws {@link InvalidOptionError} if the weights are no Map of tensors.
 * @throws {@link UnsupportedLayersError} with all layers that cannot be run.
 * @throws {@link InvalidTopologyError} if the topology is malformed, has several inputs or outputs or an input of unknown size,
 * or contradicts the weights: one is missing, left over, or of another size than its layer says.
 * @throws {@link InvalidGraphError} if shapes or weights do not agree or are over the limits.
 *
 * @example
 * ```ts
 * import { graphFromTopology } from '@espalier/runtime';
 *
 * const topology = {
 *   class_name: 'Sequential',
 *   config: [{ class_name: 'Dense', config: { name: 'head', use_bias: false, batch_input_shape: [null, 2] } }],
 * };
 * const weights = new Map([['head/kernel', { shape: [2, 1], values: Float32Array.of(1, 2) }]]);
 * graphFromTopology(topology, weights).output; // 'head'
 * ```
 */
export function graphFromTopology(topology: Json, weights: ReadonlyMap<string, StoredTensor>): Graph {
  requireTensors(weights);
  const { model, origin } = modelOf(topology);
  const network = networkOf(model);
  const builder = new GraphBuilder({ name: network.input.layer.name, shape: inputShapeOf(model, network) });
  const refused = new Map();
  const shelf = new WeightShelf(weights);
  const reading = { builder, weights: shelf, origin, refused };
  const result = readNetwork(reading, network, { node: builder.input.name, view: 'plain' });
  if (result === undefined || refused.size > 0) throw new UnsupportedLayersError([...refused.values()]);
  shelf.requireAllRead();
  if (result.view === 'channelsFirst')
    malformed('Its result is an image with the channels first. Permute it back by [2, 3, 1].');
  return builder.build(result.node);
}

function requireTensors(weights: unknown): void {
  if (!(weights instanceof Map)) throw new InvalidOptionError('weights', weights, 'a Map of weights by name');
  for (const [name, tensor] of weights) {
    const { shape, values } = (typeof tensor === 'object' && tensor !== null ? tensor : {}) as Partial<StoredTensor>;
    if (Array.isArray(shape) && values instanceof Float32Array) continue;
    throw new InvalidOptionError(`weights["${name}"]`, tensor, 'a tensor, with shape and values in a Float32Array');
  }
}

/** The model inside `model.json` or the `model_config` of a converted Keras file. */
function modelOf(topology: unknown): { model: LayerEntry; origin: TopologyOrigin } {
  if (isDeeperThan(topology, maximumDepth)) malformed(`It is nested deeper than ${maximumDepth} levels.`);
  let fields = asFields(topology, 'topology');
  if (fields.modelTopology !== undefined) fields = asFields(fields.modelTopology, 'modelTopology');
  const { keras_version: version = asFields(fields.model_config ?? {}, 'model_config').keras_version } = fields;
  if (fields.model_config !== undefined) fields = asFields(fields.model_config, 'model_config');
  const model = entryOf(fields, 'model');
  return isNetwork(model)
    ? { model, origin: topologyOrigin(version, fields) }
    : malformed(`Its class is "${model.className}", not Sequential, Model or Functional.`);
}

/** Shape without the batch, from the input layer or from the first layer, be it in a network inside. */
function inputShapeOf(model: LayerEntry, network: Network): Shape {
  const [, ...shape] = batchShapeOf(network.input.layer.config) ?? firstShape(model, 0) ?? [];
  const isFixed = shape.every(size => Number.isSafeInteger(size) && (size as number) >= 1);
  if (isFixed && (shape.length === 1 || shape.length === 3)) return shape as unknown as Shape;
  return malformed(
    `Its input has shape [${shape.map(size => (size === null ? 'unknown' : show(size))).join(', ')}] without the batch, but the runtime needs ` +
      '[height, width, channels] or [features] of fixed size. Build the model with a full inputShape.',
  );
}

function batchShapeOf(config: LayerEntry['config']): readonly unknown[] | undefined {
  const shape = config.batch_input_shape ?? config.batch_shape ?? config.build_input_shape;
  return Array.isArray(shape) ? shape : undefined;
}

function firstShape(model: LayerEntry, depth: number): readonly unknown[] | undefined {
  const { layers } = model.config;
  if (!Array.isArray(layers) || layers.length === 0 || depth > 32) return batchShapeOf(model.config);
  const first = entryOf(layers[0], `first layer of "${model.name}"`);
  return firstShape(first, depth + 1) ?? batchShapeOf(model.config);
}
