import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { depthwiseHeNormal, heNormal } from '../layers/initializer.js';

/** What TensorFlow's and PyTorch's versions of a network do differently, which decides whose weights fit. */
export type Variant = 'keras' | 'torch';

/** One convolution with its normalization, and ReLU6 unless it is linear. */
export interface NormalizedConvolution {
  /** Output channels; a depthwise convolution keeps those it gets. */
  readonly filters: number | 'depthwise';
  readonly size: number;
  readonly stride: number;
  /** Name of the convolution and of its normalization. */
  readonly names: readonly [convolution: string, normalization: string];
  readonly linear?: boolean;
}

/** An inverted residual block, or without an expansion a depthwise separable one. */
export interface InvertedResidual {
  readonly name: string;
  readonly size: number;
  readonly stride: number;
  /** Factor of the channels between the pointwise convolutions; with 1 there is only the second. */
  readonly expansion: number;
  readonly filters: number;
}

/** Epsilon of normalization, and how much of the moving statistics a step keeps. */
const normalizations = {
  keras: { epsilon: 1e-3, momentum: 0.99 },
  torch: { epsilon: 1e-5, momentum: 0.9 },
} as const;

/** Builds the parts of MobileNetV2 and its descendants, with the details of a variant. */
export class InvertedResidualBuilder {
  /**
   * @param variant - `'keras'` pads as TensorFlow's `same`, `'torch'` with zeros on all sides.
   * @param seed - Root seed of the weights.
   */
  constructor(
    readonly variant: Variant,
    readonly seed: number,
  ) {}

  /** A convolution, its normalization and its activation. */
  convolve(input: tf.SymbolicTensor, convolution: NormalizedConvolution): tf.SymbolicTensor {
    const { filters, size, stride, names, linear = false } = convolution;
    const [name, normalization] = names;
    const explicit = this.variant === 'torch' && stride > 1;
    const zeros = tf.layers.zeroPadding2d({ padding: (size - 1) / 2, name: `${name}_pad` });
    const padded = explicit ? apply(zeros, input) : input;
    const padding = explicit || size === 1 ? ('valid' as const) : ('same' as const);
    const shared = { name, padding, strides: stride, kernelSize: size, useBias: false };
    const channels = input.shape[3] as number;
    const layer =
      filters === 'depthwise'
        ? tf.layers.depthwiseConv2d({
            ...shared,
            depthwiseInitializer: depthwiseHeNormal(this.seed, name, channels),
          })
        : tf.layers.conv2d({ ...shared, filters, kernelInitializer: heNormal(this.seed, name) });
    const norm = tf.layers.batchNormalization({ name: normalization, ...normalizations[this.variant] });
    const x = apply(norm, apply(layer, padded));
    return linear ? x : apply(tf.layers.reLU({ name: `${normalization}_relu6`, maxValue: 6 }), x);
  }

  /** A block: expanded, convolved depthwise, projected, and added to what it got where shapes allow. */
  block(input: tf.SymbolicTensor, { name, size, stride, expansion, filters }: InvertedResidual): tf.SymbolicTensor {
    const channels = input.shape[3] as number;
    const norms = [`${name}_bn1`, `${name}_bn2`, `${name}_bn3`];
    const next = (part: string): [string, string] => [`${name}_${part}`, norms.shift() as string];
    const expanded = expansion * channels;
    let x = input;
    if (expansion > 1) x = this.convolve(x, { filters: expanded, size: 1, stride: 1, names: next('conv_pw') });
    x = this.convolve(x, { filters: 'depthwise', size, stride, names: next('conv_dw') });
    const names = next(expansion > 1 ? 'conv_pwl' : 'conv_pw');
    x = this.convolve(x, { filters, size: 1, stride: 1, names, linear: true });
    return stride === 1 && filters === channels ? apply(tf.layers.add({ name: `${name}_add` }), [input, x]) : x;
  }
}

/** The multiple of 8 that is nearest to a number of channels, at least 8, and not more than a tenth below it. */
export function roundedChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
