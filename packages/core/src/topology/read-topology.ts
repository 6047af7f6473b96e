import { isDeeperThan, isFields, malformed } from './fields.js';
import { NetworkReader, type TopologyLayer } from './network.js';
import { originOf } from './origin.js';

/** Deepest nesting of JSON, and longest text in it. */
const [deepest, longest] = [256, 1000];

/** Layers of a network without weights, and how many more for each weight. */
const [layersFree, layersPerWeight, mostLayers] = [1000, 10, 10_000];

/**
 * Reads a Keras topology, of Keras 2, Keras 3 or TensorFlow.js, into one plain form: options that TensorFlow.js reads and no others, layers
 * in an order in which they can be called, calls of networks by what they are. Costs a time in proportion to the text.
 *
 * @param topology - A model, `{ class_name, config }`, or what holds one as `model_config`.
 * @param weights - How many weights follow, for the number of layers.
 * @param registered - Which classes TensorFlow.js has.
 */
export function readTopology(
  topology: unknown,
  weights: number,
  registered: (className: string) => boolean,
): TopologyLayer {
  if (isDeeperThan(topology, deepest)) malformed(`It is nested deeper than ${deepest} levels.`);
  if (!isFields(topology)) return malformed('It is not an object.');
  const holder = isFields(topology.modelTopology) ? topology.modelTopology : topology;
  const model = isFields(holder.model_config) ? holder.model_config : holder;
  if (holdsLongText(model)) malformed(`It has a text of over ${longest} characters among its options.`);
  const origin = originOf(holder.keras_version ?? model.keras_version, model);
  const most = Math.min(layersFree + layersPerWeight * weights, mostLayers);
  const read = new NetworkReader({ origin, registered, mostLayers: most }).layer(model, 'model');
  return read.network ? read : malformed(`Its class is "${read.className}", not Sequential, Model or Functional.`);
}

/** TensorFlow.js rewrites every word and every name of an option, in a time that grows with the square of the length. */
function holdsLongText(value: unknown): boolean {
  if (typeof value === 'string') return value.length > longest;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => key.length > longest || holdsLongText(item));
}
