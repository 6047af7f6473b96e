import {
  InvalidOptionError,
  type Json,
  readTopology,
  type StoredTensor,
  type TopologyLayer,
  type TopologyNetwork,
} from '@espalier/core';
import { UnsupportedLayersError } from '../../errors.js';
import type { Graph, Shape } from '../graph.js';
import { GraphBuilder } from '../graph-builder.js';
import { show } from '../show.js';
import { malformed } from './fields.js';
import { onlyEnd, Refusals, readNetwork } from './read-network.js';
import { carriesOut } from './readers/layer-readers.js';
import { WeightReader } from './weights.js';

/**
 * The network that a Keras topology and weights by name describe: Sequential and functional models, nested ones and
 * shared layers too.
 *
 * Supported are Conv2D (groups, dilation), DepthwiseConv2D, SeparableConv2D, Dense, BatchNormalization, Activation,
 * ReLU (with `max_value` 6 or none), Softmax of vectors, Add, Concatenate (last axis), MaxPooling2D, AveragePooling2D,
 * their global forms, ZeroPadding2D, Flatten, Reshape to a vector or from one to `[1, 1, channels]`, Permute around a
 * zero padding of channels, and layers that only act in training; activations linear, relu, relu6, softmax;
 * `channels_last`.
 *
 * @param topology - What `LayersModel.toJSON` gives, or the `modelTopology` of a `model.json`, of Keras 2, Keras 3 or
 *   TensorFlow.js.
 * @param weights - Weights by stable name (`conv1/kernel`), as a checkpoint holds them. Values are shared, not copied.
 * @returns A graph that passes {@link checkGraph}. Nodes are called like the layers that they come from.
 * @throws {@link InvalidOptionError} if the weights are no Map of tensors.
 * @throws {@link UnsupportedLayersError} with all layers that cannot be run.
 * @throws {@link InvalidTopologyError} if the topology is malformed, has several inputs or outputs or an input of
 * unknown size, or contradicts the weights: one is missing, left over, or of another size than its layer says.
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
export function graphFromTopology(topology: Json, weights: ReadonlyMap<string, StoredTensor>): Graph {
  requireTensors(weights);
  const refusals = new Refusals();
  const { model } = readTopology(topology, weights.size, {
    registered: () => true, // classes that the runtime does not have are refused below, all at once
    carriesOut,
    refused: ({ layer, className, reason }) => refusals.add(layer, className, reason),
  });
  const builder = new GraphBuilder({ name: inputName(model.name, model.network), shape: inputShape(model) });
  const reader = new WeightReader(weights);
  const input = { node: builder.input.name, view: 'plain' } as const;
  const result = readNetwork({ builder, weights: reader, refusals }, model.name, model.network, input);
  if (result?.view === 'channelsFirst') {
    const { name, className } = lastLayer(model);
    refusals.add(name, className, 'the result has the channels first; permute it back by [2,3,1]');
  }
  if (result === undefined || refusals.layers.length > 0) throw new UnsupportedLayersError(refusals.layers);
  reader.requireAllRead();
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

function inputName(name: string, network: TopologyNetwork): string {
  if (network.kind === 'functional') return onlyEnd(name, 'input', network.inputs).call.layer.name;
  const [first] = network.layers;
  return first?.className === 'InputLayer' ? first.name : `${name}_input`;
}

/** Shape without the batch, from the input layer or from the first layer, be it in a network inside. */
function inputShape(model: TopologyLayer): Shape {
  const [, ...shape] = batchShape(model);
  const isFixed = shape.every(size => Number.isSafeInteger(size) && (size as number) >= 1);
  if (isFixed && (shape.length === 1 || shape.length === 3)) return shape as unknown as Shape;
  return malformed(
    `Its input has shape [${shape.map(size => (size === null ? 'unknown' : show(size))).join(', ')}] without the batch, but the runtime needs ` +
      '[height, width, channels] or [features] of fixed size. Build the model with a full inputShape.',
  );
}

function batchShape({ network, config }: TopologyLayer): readonly unknown[] {
  const first = network?.kind === 'functional' ? network.inputs[0]?.call.layer : network?.layers[0];
  if (first) return batchShape(first);
  return Array.isArray(config.batch_input_shape) ? (config.batch_input_shape as unknown[]) : [];
}

/** The layer that gives the result, be it in a network inside. */
function lastLayer(layer: TopologyLayer): TopologyLayer {
  const { network } = layer;
  const last = network?.kind === 'functional' ? network.outputs[0]?.call.layer : network?.layers.at(-1);
  return last ? lastLayer(last) : layer;
}
