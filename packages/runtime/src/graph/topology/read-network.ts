import type { CallOutput, TopologyCall, TopologyLayer, TopologyNetwork } from '@espalier/core';
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
}

/** Value of a layer, or nothing if the layer or one before it cannot be run. */
type Result = Value | undefined;

/** Adds the nodes of a network and returns its value. */
export function readNetwork(reading: Reading, name: string, network: TopologyNetwork, input: Result): Result {
  if (network.kind === 'sequential') {
    const layers = network.layers.filter(({ className }) => className !== 'InputLayer');
    return layers.reduce((value, layer) => readLayer(reading, layer, [value]), input);
  }
  const { calls, inputs, outputs } = network;
  const results = new Map<TopologyCall, Result>([[onlyEnd(name, 'input', inputs).call, input]]);
  const resultOf = ({ call, tensor }: CallOutput): Result =>
    tensor === 0
      ? results.get(call)
      : malformed(`It uses output ${tensor} of layer "${call.layer.name}"; layers have one output.`);
  const output = onlyEnd(name, 'output', outputs);
  for (const call of calls)
    if (!results.has(call)) results.set(call, readLayer(reading, call.layer, call.inputs.map(resultOf)));
  return resultOf(output);
}

/** The only input or output of a network. */
export function onlyEnd(name: string, which: 'input' | 'output', ends: readonly CallOutput[]): CallOutput {
  const [end, ...others] = ends;
  if (end === undefined || others.length > 0)
    return malformed(`The network "${name}" has ${ends.length} ${which}s; the runtime needs exactly one.`);
  if (which === 'input' && end.call.layer.className !== 'InputLayer')
    malformed(`The input "${end.call.layer.name}" is no InputLayer.`);
  return end;
}

function readLayer(reading: Reading, layer: TopologyLayer, inputs: readonly Result[]): Result {
  const { name, className, config, network } = layer;
  const { builder, weights, refusals } = reading;
  if (network) {
    if (inputs.length !== 1) malformed(`The network "${name}" is called with ${inputs.length} inputs instead of 1.`);
    return readNetwork(reading, name, network, inputs[0]);
  }
  if (className === 'InputLayer') malformed(`"${name}" is a second input; the runtime needs exactly one.`);
  const refuse = (reason: string): undefined => refusals.add(name, className, reason) as undefined;
  const read = readerOf(className);
  const reason = read ? staticRefusal(config) : '';
  if (!read || reason !== undefined) return refuse(reason ?? '');
  if (refusals.has(layer) || !inputs.every(input => input !== undefined)) return undefined;
  try {
    const call = { name: builder.freeName(name), layer: name, className, config, inputs, builder };
    return read({ ...call, weight: weight => weights.get(name, weight, layer) });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.message);
    throw error;
  }
}
