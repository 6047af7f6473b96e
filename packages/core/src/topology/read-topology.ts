import { UnregisteredClassError, type UnsupportedLayerOptionError } from '../errors/topology-errors.js';
import { isDeeperThan, isFields, malformed, show } from './fields/fields.js';
import { originOf, type TopologyOrigin } from './fields/origin.js';
import { hasOptions, type LayerReading } from './layer-options/plain-layer.js';
import { isNetworkClass, NetworkReader } from './network.js';
import type { TopologyLayer, TopologyNetwork } from './topology-layer.js';

/** Deepest nesting of JSON, and longest text in it. */
const [deepest, longest] = [256, 1000];

/** Layers of a network without weights, and how many more for each weight. */
const [layersFree, layersPerWeight, mostLayers] = [1000, 10, 10_000];

/** What may be read of a topology, and what becomes of layers that may not. */
export interface TopologyReading extends Pick<LayerReading, 'registered' | 'carriesOut'> {
  /**
   * Takes what is wrong with a layer's options, in place of an error; the layer is then read as one without options.
   */
  readonly refused?: ((error: UnsupportedLayerOptionError) => void) | undefined;
}

/** A topology in plain form, and who wrote it. */
export interface ReadTopology {
  /** The network; its layers are in an order in which they can be called. */
  readonly model: TopologyLayer & { readonly network: TopologyNetwork };
  readonly origin: TopologyOrigin;
}

/**
 * Reads a Keras topology, of Keras 2, Keras 3 or TensorFlow.js, into one plain form: options that TensorFlow.js reads
 * and no others, layers in an order in which they can be called, calls of networks by what they are. Costs a time in
 * proportion to the text.
 *
 * @param topology - A model, `{ class_name, config }`, or what holds one as `model_config` or `modelTopology`. Not
 *   modified.
 * @param weights - How many weights follow; the number of layers is limited by it.
 * @param reading - Which classes there are, and what the reader carries out by itself.
 * @throws {@link InvalidTopologyError} if the topology is malformed or over the limits.
 * @throws {@link UnregisteredClassError} for a class that nobody has.
 * @throws {@link UnsupportedLayerOptionError} for an option that TensorFlow.js does not carry out, unless `refused`
 *   takes it.
 *
 * @example
 * ```ts
 * import { readTopology } from '@espalier/core';
 *
 * const layer = { class_name: 'Dense', config: { name: 'head', units: 2, batch_shape: [null, 4] } };
 * const topology = { class_name: 'Sequential', config: { name: 'net', layers: [layer] } };
 * readTopology(topology, 2, { registered: () => true }).origin; // 'keras3'
 * ```
 */
export function readTopology(topology: unknown, weights: number, reading: TopologyReading): ReadTopology {
  if (isDeeperThan(topology, deepest)) malformed(`It is nested deeper than ${deepest} levels.`);
  if (!isFields(topology)) return malformed('The topology is not an object.');
  const holder = isFields(topology.modelTopology) ? topology.modelTopology : topology;
  const model = isFields(holder.model_config) ? holder.model_config : holder;
  if (holdsLongText(model)) malformed(`It has a text of over ${longest} characters among its options.`);
  const { class_name: className = null } = model;
  if (typeof className === 'string' && !isNetworkClass(className)) {
    if (!reading.registered(className)) throw new UnregisteredClassError(className, 'layer', className);
    malformed(`Its class is ${show(className)}, not Sequential, Model or Functional.`);
  }
  const origin = originOf(holder.keras_version ?? model.keras_version, model);
  const most = Math.min(layersFree + layersPerWeight * weights, mostLayers);
  const masks = makesMask(model);
  const read = new NetworkReader({ ...reading, origin, masks, mostLayers: most }).layer(model, 'model');
  return { model: read as ReadTopology['model'], origin };
}

/** True if a layer may make a mask: those that do, and those of unknown classes. */
function makesMask(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isFields(value) && isFields(value.config)) {
    const { class_name: name, config } = value;
    const isLayer = isFields(config) && typeof config.name === 'string' && 'trainable' in config;
    if (name === 'Masking' || config.mask_zero === true) return true;
    if (isLayer && typeof name === 'string' && !hasOptions(name) && !isNetworkClass(name)) return true;
  }
  return Object.values(value).some(makesMask);
}

/**
 * TensorFlow.js rewrites every word and every name of an option, in a time that grows with the square of the length.
 */
function holdsLongText(value: unknown): boolean {
  if (typeof value === 'string') return value.length > longest;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => key.length > longest || holdsLongText(item));
}
