import * as tf from '@tensorflow/tfjs-layers';
import { apply } from './apply.js';
import { heNormal } from './initializer.js';

/** One convolution. */
export interface Convolution {
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
  readonly name: string;
  readonly seed: number;
  readonly bias?: boolean;
}

/**
 * A convolution that pads as PyTorch's does with `padding = (size − 1) / 2`: zeros on all sides, also where the stride
 * is 2 (there TensorFlow's `same` would pad below and at the right only).
 */
export function convolve(input: tf.SymbolicTensor, convolution: Convolution): tf.SymbolicTensor {
  const { filters, size, stride, name, seed, bias = false } = convolution;
  const explicit = stride > 1 && size > 1;
  const padded = explicit
    ? apply(tf.layers.zeroPadding2d({ padding: (size - 1) / 2, name: `${name}_pad` }), input)
    : input;
  const layer = tf.layers.conv2d({
    filters,
    name,
    kernelSize: size,
    strides: stride,
    padding: explicit || size === 1 ? 'valid' : 'same',
    useBias: bias,
    kernelInitializer: heNormal(seed, name),
  });
  return apply(layer, padded);
}
