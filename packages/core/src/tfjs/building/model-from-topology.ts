import type { LayersModel } from '@tensorflow/tfjs-layers';
import { rules } from '../../options/rules.js';
import { readTopology } from '../../topology/read-topology.js';
import { isRegistered, LayerBuilder } from './build-layers.js';
import { LayerSizes } from './layer-sizes.js';
import { type WeightShape, withStoredWeights } from './stored-weights.js';
import { withoutLeaks } from './without-leaks.js';

/**
 * The model of a Keras topology, for weights that follow.
 *
 * Takes what TensorFlow.js, Keras 2 and Keras 3 write. Nothing is drawn at random: weights start at zero, and a layer
 * that declares a weight that is not among those to come is refused before memory is taken for it. Options of layers
 * that TensorFlow.js would drop, though they change what the network computes, are refused by name. The number of
 * layers, their nesting and the size of their values are limited, so that a small file costs little time whatever it
 * says. Classes of your own are taken as they are if they were registered with `tf.serialization.registerClass`.
 *
 * @param topology - `{ class_name, config }`, or an object that holds it as `model_config`, parsed from JSON. Not
 *   modified.
 * @param weights - Shapes of all weights by name. Names are only for messages here: `fill` must see to them.
 * @param fill - Writes the weights. If it throws, or rejects, the model is disposed of.
 * @returns The model, uncompiled. Dispose of it after use.
 * @throws {@link InvalidTopologyError} if the topology is malformed, or over the limits, or TensorFlow.js cannot build
 *   a layer.
 * @throws {@link UnregisteredClassError} for a layer, activation, initializer, regularizer or constraint that nobody
 *   has.
 * @throws {@link UnsupportedLayerOptionError} for an option that TensorFlow.js does not carry out.
 * @throws {@link TopologyWeightsError} if a layer's weight is not among the weights.
 *
 * @example
 * ```ts
 * import { modelFromTopology } from '@espalier/core/tfjs';
 * import type * as tf from '@tensorflow/tfjs-layers';
 *
 * export function head(): Promise<tf.LayersModel> {
 *   const config = { name: 'head', units: 2, use_bias: false, batch_input_shape: [null, 4] };
 *   const layer = { class_name: 'Dense', config };
 *   const topology = { class_name: 'Sequential', config: { name: 'net', layers: [layer] } };
 *   return modelFromTopology(topology, new Map([['head/kernel', { shape: [4, 2] }]]), () => {});
 * }
 * ```
 */
export async function modelFromTopology(
  topology: unknown,
  weights: ReadonlyMap<string, WeightShape>,
  fill: (model: LayersModel) => void | Promise<void>,
): Promise<LayersModel> {
  rules.that('a Map of shapes by name', value => value instanceof Map)('weights', weights as never);
  rules.function('fill', fill as never);
  const tf = await import('@tensorflow/tfjs-layers'); // an optional peer, needed here only
  const { model, origin } = readTopology(topology, weights.size, { registered: isRegistered });
  const { result, discard } = withoutLeaks(() =>
    withStoredWeights(
      tf.layers,
      weights,
      () => new LayerBuilder(tf, new LayerSizes(), weights, origin).build(model) as LayersModel,
    ),
  );
  try {
    await fill(result);
    return result;
  } catch (error) {
    discard();
    throw error;
  }
}
