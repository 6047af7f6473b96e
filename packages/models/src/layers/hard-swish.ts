import * as tf from '@tensorflow/tfjs-layers';
import { apply } from './apply.js';

/**
 * PyTorch's and MobileNetV3's hard sigmoid, `relu6(x + 3) / 6`, out of layers that TensorFlow.js has. Its own
 * activation `hardSigmoid` is another function, `min(max(0.2 x + 0.5, 0), 1)`, of slope 1/5 and not 1/6.
 */
export function hardSigmoid(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  const shifted = apply(rescaling(1, 3, `${name}_shift`), x);
  const clipped = apply(tf.layers.reLU({ name: `${name}_relu6`, maxValue: 6 }), shifted);
  return apply(rescaling(1 / 6, 0, `${name}_sixth`), clipped);
}

/** MobileNetV3's hard swish, `x · relu6(x + 3) / 6`. */
export function hardSwish(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return apply(tf.layers.multiply({ name }), [x, hardSigmoid(x, `${name}_gate`)]);
}

/** TensorFlow.js does not declare that its `Rescaling` is one of its layers. */
const rescaling = (scale: number, offset: number, name: string): tf.layers.Layer =>
  tf.layers.rescaling({ scale, offset, name }) as tf.layers.Layer;
