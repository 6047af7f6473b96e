import { plainLayerConfig, type TopologyOrigin, UnsupportedLayerOptionError } from '@espalier/core';
import type { UnsupportedLayer } from '../../errors.js';
import type { GraphBuilder } from '../graph-builder.js';
import { malformed } from './fields.js';
import { Refusal, type Value } from './layer-call.js';
import { type Call, isNetwork, type LayerEntry, type Network, networkOf } from './network.js';
import { carriesOut, readerOf, staticRefusal } from './readers/layer-readers.js';
import type { WeightShelf } from './weights.js';

/** Deepest nesting of networks. */
const maximumDepth = 32;

/** What reading one model carries along. */
export interface Reading {
  readonly builder: GraphBuilder;
  readonly weights: WeightShelf;
  /** Who wrote the topology. */
  readonly origin: TopologyOrigin;
  /** Layers that cannot be run, once each. */
  readonly refused: Map<string, UnsupportedLayer>;
}

/** No layer that is supported has another one inside. */
const notNested = (): never => malformed('A layer has a layer inside.');

/** Value of a layer, or nothing if the layer or one before it cannot be run. */
type Result = Value | undefined;

/** Adds the nodes of a network and returns its value. */
export function readNetwork(reading: Reading, network: Network, input: Result, depth = 0): Result {
  if (depth > maximumDepth) malformed(`Networks are nested deeper than ${maximumDepth} levels.`);
  const results = new Map<Call, Result>([[network.input, input]]);
  for (const call of inOrder(network)) {
    if (results.has(call)) continue;
    const inputs = call.inputs.map(needed => results.get(needed));
    results.set(call, readCall(reading, call.layer, inputs, depth));
  }
  return results.get(network.output);
}

function readCall(reading: Reading, layer: LayerEntry, inputs: readonly Result[], depth: number): Result {
  if (isNetwork(layer)) {
    if (inputs.length !== 1)
      malformed(`The network "${layer.name}" is called with ${inputs.length} inputs instead of 1.`);
    return readNetwork(reading, networkOf(layer), inputs[0], depth + 1);
  }
  if (layer.className === 'InputLayer') malformed(`"${layer.name}" is a second input; the runtime needs exactly one.`);
  const { name, className, config } = layer;
  const refuse = (reason: string): undefined => {
    const key = `${className} ${name}`;
    if (!reading.refused.has(key)) reading.refused.set(key, { name, className, reason });
  };
  const read = readerOf(className);
  if (!read) return refuse('no layer of this class is supported');
  const { builder, weights, origin } = reading;
  try {
    const options = { origin, carriesOut, registered: () => true, nested: notNested };
    const plain = plainLayerConfig({ name, className, config }, options);
    const reason = staticRefusal(plain);
    if (reason !== undefined) return refuse(reason);
    if (!inputs.every(input => input !== undefined)) return undefined;
    const call = { name: builder.freeName(name), layer: name, className, config: plain, inputs, builder };
    return read({ ...call, weight: weight => weights.get(name, weight, config) });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.message);
    if (error instanceof UnsupportedLayerOptionError) return refuse(error.reason);
    throw error;
  }
}

/** The calls that the output needs, each after those it reads. */
function inOrder({ output }: Network): readonly Call[] {
  const order: Call[] = [];
  const entered = new Set<Call>();
  const left = new Set<Call>();
  const path: { readonly call: Call; next: number }[] = [];
  const enter = (call: Call): void => {
    if (left.has(call)) return;
    if (entered.has(call)) malformed(`Layer "${call.layer.name}" reads its own output.`);
    entered.add(call);
    path.push({ call, next: 0 });
  };
  enter(output);
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const input = step.call.inputs[step.next++];
    if (input !== undefined) {
      enter(input);
      continue;
    }
    path.pop();
    left.add(step.call);
    order.push(step.call);
  }
  return order;
}
