import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { normalization } from '../layers/batch-normalization.js';

/** What the frameworks' versions of MobileNetV1 do differently. */
interface Variant {
  /** What a convolution gets, and the padding it has left to do. */
  pad(x: tf.SymbolicTensor, size: number, stride: number, name: string): [tf.SymbolicTensor, 'same' | 'valid'];
  /** Normalization and activation of the convolution `name`. */
  activate(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor;
}

/** Details of {@link mobileNetV1} by the framework whose weights fit. */
export const variants: Readonly<Record<'keras' | 'torch', Variant>> = {
  keras: {
    pad: x => [x, 'same'],
    activate(x, name) {
      const norm = tf.layers.batchNormalization({ name: `${name}_bn`, epsilon: 1e-3, momentum: 0.99 });
      return apply(tf.layers.reLU({ maxValue: 6, name: `${name}_relu` }), apply(norm, x));
    },
  },
  torch: {
    pad(x, size, stride, name) {
      if (stride === 1) return [x, 'same'];
      return [apply(tf.layers.zeroPadding2d({ padding: (size - 1) / 2, name: `${name}_pad` }), x), 'valid'];
    },
    activate: (x, name) => apply(tf.layers.reLU({ name: `${name}_relu` }), apply(normalization(`${name}_bn`), x)),
  },
};
