import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { hardSwish } from '../layers/hard-swish.js';
import { depthwiseHeNormal, heNormal } from '../layers/initializer.js';
import { squeezeExcite } from '../layers/squeeze-excite.js';

/** What the frameworks' versions of a network do differently, which decides whose weights fit. */
export interface Details {
  /** TensorFlow's `same`, or zeros on all sides as in PyTorch. */
  readonly padding: 'same' | 'zeros';
  /** Epsilon of normalization, and how much of the moving statistics a step keeps. */
  readonly epsilon: number;
  readonly momentum: number;
}

/** Details of TensorFlow's versions, and of PyTorch's with the defaults of its normalization. */
export const details: Readonly<Record<'keras' | 'torch', Details>> = {
  keras: { padding: 'same', epsilon: 1e-3, momentum: 0.99 },
  torch: { padding: 'zeros', epsilon: 1e-5, momentum: 0.9 },
};

/** What follows a normalization. */
export type Activation = 'linear' | 'relu' | 'relu6' | 'hardSwish';

/** One convolution with its normalization and its activation. */
export interface NormalizedConvolution {
  /** Output channels; a depthwise convolution keeps those it gets. */
  readonly filters: number | 'depthwise';
  readonly size: number;
  readonly stride: number;
  /** Name of the convolution and of its normalization. */
  readonly names: readonly [convolution: string, normalization: string];
  /** `'relu6'` if left out. */
  readonly activation?: Activation;
}

/** An inverted residual block, or without an expansion a depthwise separable one. */
export interface InvertedResidual {
  readonly name: string;
  readonly size: number;
  readonly stride: number;
  /** Channels of the depthwise convolution; where they are those of the input, nothing is expanded. */
  readonly expanded: number;
  readonly filters: number;
  /** `'relu6'` if left out. */
  readonly activation?: Activation;
  /** Channels between the convolutions of a squeeze-and-excitation; none if left out. */
  readonly squeezed?: number | undefined;
}

/** Builds the parts of MobileNetV2 and its descendants, with the details of a variant. */
export class InvertedResidualBuilder {
  /**
   * @param details - Padding and normalization.
   * @param seed - Root seed of the weights.
   */
  constructor(
    readonly details: Details,
    readonly seed: number,
  ) {}

  /** A convolution, its normalization and its activation. */
  convolve(input: tf.SymbolicTensor, convolution: NormalizedConvolution): tf.SymbolicTensor {
    const { filters, size, stride, names, activation = 'relu6' } = convolution;
    const [name, normalization] = names;
    const { padding: kind, epsilon, momentum } = this.details;
    const explicit = kind === 'zeros' && stride > 1;
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
    const norm = tf.layers.batchNormalization({ name: normalization, epsilon, momentum });
    return activated(apply(norm, apply(layer, padded)), activation, normalization);
  }

  /** A block: expanded, convolved depthwise, projected, and added to what it got where shapes allow. */
  block(input: tf.SymbolicTensor, block: InvertedResidual): tf.SymbolicTensor {
    const { name, size, stride, expanded, filters, activation = 'relu6', squeezed } = block;
    const channels = input.shape[3] as number;
    const norms = [`${name}_bn1`, `${name}_bn2`, `${name}_bn3`];
    const next = (part: string): [string, string] => [`${name}_${part}`, norms.shift() as string];
    const expands = expanded !== channels;
    let x = input;
    if (expands) x = this.convolve(x, { filters: expanded, size: 1, stride: 1, names: next('conv_pw'), activation });
    x = this.convolve(x, { filters: 'depthwise', size, stride, names: next('conv_dw'), activation });
    if (squeezed !== undefined) x = squeezeExcite(x, { squeezed, name: `${name}_se`, seed: this.seed });
    const names = next(expands ? 'conv_pwl' : 'conv_pw');
    x = this.convolve(x, { filters, size: 1, stride: 1, names, activation: 'linear' });
    return stride === 1 && filters === channels ? apply(tf.layers.add({ name: `${name}_add` }), [input, x]) : x;
  }
}

/** An activation with the name of the layer before it and its own. */
export function activated(x: tf.SymbolicTensor, activation: Activation, before: string): tf.SymbolicTensor {
  if (activation === 'linear') return x;
  if (activation === 'hardSwish') return hardSwish(x, `${before}_hard_swish`);
  const bounded = activation === 'relu6' ? { maxValue: 6 } : {};
  return apply(tf.layers.reLU({ name: `${before}_${activation}`, ...bounded }), x);
}

/** The multiple of 8 that is nearest to a number of channels, at least 8, and not more than a tenth below it. */
export function roundedChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
