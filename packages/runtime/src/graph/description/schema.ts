import type { Shape } from '../graph.js';
import type {
  BinaryDescription,
  BorderDescription,
  DepthToSpaceDescription,
  PermuteDescription,
  PreluDescription,
  ReshapeDescription,
  TransposedConvolutionDescription,
  UpsamplingDescription,
} from './schema-arrangement.js';
import type { ActivationDescription, NodeBase, PaddingDescription } from './schema-base.js';

export type * from './schema-arrangement.js';
export type { ActivationDescription, PaddingDescription } from './schema-base.js';

/** A convolution; a second input is the residual, added before the activation. */
export interface ConvolutionDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'convolution';
  /**
   * Name of the kernel's tensor: `[height, width, in / groups, out]` in HWIO, `[out, in / groups, height, width]` in
   * OIHW. A depthwise kernel in HWIO may also be `[height, width, in, multiplier]`.
   */
  readonly kernel: string;
  /** Name of the bias's tensor; without, there is none. */
  readonly bias?: string;
  /** Vertical and horizontal stride. Default [1, 1]. */
  readonly strides?: readonly [number, number];
  /** Vertical and horizontal distance of taps. Default [1, 1]. */
  readonly dilations?: readonly [number, number];
  /** Zeros around the image. Default `valid`: none. */
  readonly padding?: PaddingDescription;
  /** Groups of channels, as many as input channels for depthwise. Default 1. */
  readonly groups?: number;
  /** Default `linear`. */
  readonly activation?: ActivationDescription;
}

/** A dense layer of a vector. */
export interface DenseDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'dense';
  /** Name of the kernel's tensor: `[in, out]` in HWIO, `[out, in]` in OIHW. */
  readonly kernel: string;
  /** Name of the bias's tensor; without, there is none. */
  readonly bias?: string;
  /** Default `linear`. */
  readonly activation?: ActivationDescription;
}

/** Batch normalization at inference, by channel. */
export interface NormalizationDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'normalization';
  /** Name of the tensor of moving means. */
  readonly mean: string;
  /** Name of the tensor of moving variances. */
  readonly variance: string;
  /** Name of the tensor of factors; without, they are 1. */
  readonly gamma?: string;
  /** Name of the tensor of offsets; without, they are 0. */
  readonly beta?: string;
  /** What is added to the variance. */
  readonly epsilon: number;
}

/**
 * An activation of its own, or a sum of two values with one; of a sum one may be smaller, as of {@link
 * BinaryDescription}.
 */
export interface ElementwiseDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'activation' | 'add';
  /** Default `linear`. */
  readonly activation?: ActivationDescription;
}

/** A maximum or average over windows. */
export interface PoolDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'pool';
  /** What is taken of the places in the window. */
  readonly mode: 'max' | 'average';
  /** Height and width of the window. */
  readonly size: readonly [number, number];
  /** Vertical and horizontal stride. Default: the size. */
  readonly strides?: readonly [number, number];
  /** Places around the image, which do not count (PyTorch: `count_include_pad=False`). Default `valid`: none. */
  readonly padding?: PaddingDescription;
}

/** A maximum or average over the whole image; gives a vector. */
export interface GlobalPoolDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'globalPool';
  /** What is taken of the image. */
  readonly mode: 'max' | 'average';
}

/** An image as a vector. */
export interface FlattenDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'flatten';
  /**
   * Order in which the dense layer after it was trained: `HWC` as in TensorFlow, `CHW` as in PyTorch; its kernel's rows
   * are then reordered. Default: `HWC` in layout HWIO, `CHW` in OIHW.
   */
  readonly order?: 'HWC' | 'CHW';
}

/** A join along the channels, or a softmax of a vector or of the channels of every pixel. */
export interface PlainDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'concat' | 'softmax';
}

/** A node of a {@link GraphDescription}. */
export type NodeDescription =
  | ConvolutionDescription
  | TransposedConvolutionDescription
  | DenseDescription
  | NormalizationDescription
  | ElementwiseDescription
  | BinaryDescription
  | PreluDescription
  | PoolDescription
  | GlobalPoolDescription
  | BorderDescription
  | UpsamplingDescription
  | DepthToSpaceDescription
  | PermuteDescription
  | ReshapeDescription
  | FlattenDescription
  | PlainDescription;

/**
 * A network as plain JSON, whose weights are tensors of a safetensors file. Shapes of values are computed, so it names
 * none but the input's. Fields that are not listed here are refused.
 */
export interface GraphDescription {
  /** Version of this layout. */
  readonly format: 'espalier-graph/1';
  /**
   * Order of the axes of kernels: `HWIO` as in TensorFlow, `OIHW` as in PyTorch. Images are always
   * `[height, width, channels]`.
   */
  readonly layout: 'HWIO' | 'OIHW';
  /** Name and shape, `[height, width, channels]` or `[features]`, of the input. */
  readonly input: { readonly name: string; readonly shape: Shape };
  /** Names and shapes of further inputs; without, there are none. */
  readonly otherInputs?: readonly { readonly name: string; readonly shape: Shape }[];
  /** Every node after those that it reads. */
  readonly nodes: readonly NodeDescription[];
  /** Name of the node whose value is the result. */
  readonly output: string;
  /** Names of the nodes whose values are further results; without, there are none. */
  readonly otherOutputs?: readonly string[];
}
