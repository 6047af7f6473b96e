import type * as tf from '@tensorflow/tfjs-layers';

/** What a layer makes of one or several symbolic inputs. */
export function apply(layer: tf.layers.Layer, input: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(input) as tf.SymbolicTensor;
}
