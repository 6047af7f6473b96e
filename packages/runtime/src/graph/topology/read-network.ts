import type {
  CallOutput,
  StoredTensor,
  TopologyCall,
  TopologyLayer,
  TopologyNetwork,
  TopologyOrigin,
} from '@espalier/core';
import type { UnsupportedLayer } from '../../errors.js';
import type { GraphBuilder } from '../graph-builder.js';
import { malformed } from './fields.js';
import { Refusal, type Value } from './layer-call.js';
import { readerOf, staticRefusal } from './readers/layer-readers.js';
import type { WeightReader } from './weights.js';

/** Layers that cannot be run, once each. */
export class Refusals {
  readonly #byLayer = new Map<string, UnsupportedLayer>();

  get layers(): readonly UnsupportedLayer[] {
    return [...this.#byLayer.values()];
  }

  /**
   * Of several reasons against a layer the first one counts; against a class that is not supported at all there is one.
   */
  add(name: string, className: string, reason: string): void {
    const key = `${className} ${name}`;
    const known = readerOf(className) ? reason : 'no layer of this class is supported';
    if (!this.#byLayer.has(key)) this.#byLayer.set(key, { name, className, reason: known });
  }

  has({ name, className }: TopologyLayer): boolean {
    return this.#byLayer.has(`${className} ${name}`);
  }
}

/** What reading one model carries along. */
export interface Reading {
  readonly builder: GraphBuilder;
  readonly weights: WeightReader;
  readonly refusals: Refusals;
  readonly origin: TopologyOrigin;
}

/** Value of a layer, or nothing if the layer or one before it cannot be run. */
type Result = Value | undefined;

/** Adds the nodes of a network and returns its values. */
export function readNetwork(
  reading: Reading,
  name: string,
  network: TopologyNetwork,
  inputs: readonly Result[],
): readonly Result[] {
  if (network.kind === 'sequential') {
    if (inputs.length !== 1) malformed(`The network "${name}" is called with ${inputs.length} inputs instead of 1.`);
    const layers = network.layers.filter(({ className }) => className !== 'InputLayer');
    return layers.reduce<readonly Result[]>((values, layer) => readLayer(reading, layer, values), inputs);
  }
  const { calls, outputs } = network;
  if (inputs.length !== network.inputs.length)
    malformed(`The network "${name}" is called with ${inputs.length} inputs instead of ${network.inputs.length}.`);
  const results = new Map<TopologyCall, readonly Result[]>();
  for (const [index, { call }] of network.inputs.entries()) {
    if (call.layer.className !== 'InputLayer') malformed(`The input "${call.layer.name}" is no InputLayer.`);
    results.set(call, [inputs[index]]);
  }
  const resultOf = ({ call, tensor }: CallOutput): Result => {
    const values = results.get(call) ?? [];
    if (tensor < values.length) return values[tensor];
    return malformed(`It uses output ${tensor} of layer "${call.layer.name}", which has ${values.length}.`);
  };
  for (const call of calls)
    if (!results.has(call)) results.set(call, readLayer(reading, call.layer, call.inputs.map(resultOf)));
  return outputs.map(resultOf);
}

function readLayer(reading: Reading, layer: TopologyLayer, inputs: readonly Result[]): readonly Result[] {
  const { name, className, config, network } = layer;
  const { builder, weights, refusals, origin } = reading;
  if (network) return readNetwork(reading, name, network, inputs);
  if (className === 'InputLayer') malformed(`The InputLayer "${name}" is not among the inputs of its network.`);
  const refuse = (reason: string): readonly Result[] => {
    refusals.add(name, className, reason);
    return [undefined];
  };
  const read = readerOf(className);
  const reason = read ? staticRefusal(config) : '';
  if (!read || reason !== undefined) return refuse(reason ?? '');
  if (refusals.has(layer) || !inputs.every(input => input !== undefined)) return [undefined];
  try {
    const call = { name: builder.freeName(name), layer: name, className, config, inputs, builder, origin };
    const weight = (which: string): StoredTensor => weights.get(name, which, layer);
    return [read({ ...call, weight, hasWeight: which => weights.has(name, which) })];
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.message);
    throw error;
  }
}
