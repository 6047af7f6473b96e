import type { Shape } from '../graph.js';
import type { ActivationDescription, NodeBase } from './schema-base.js';

/** A transposed convolution. */
export interface TransposedConvolutionDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'transposedConvolution';
  /** Name of the kernel's tensor: `[height, width, out, in]` in HWIO, `[in, out, height, width]` in OIHW. */
  readonly kernel: string;
  /** Name of the bias's tensor; without, there is none. */
  readonly bias?: string;
  /** Vertical and horizontal stride. Default [1, 1]. */
  readonly strides?: readonly [number, number];
  /** Rows and columns that are cut off the result: `[top, bottom, left, right]`. Default: none. */
  readonly padding?: readonly [number, number, number, number];
  /** Rows and columns that are added below and on the right before cutting (`output_padding`). Default: none. */
  readonly extra?: readonly [number, number];
  /** Default `linear`. */
  readonly activation?: ActivationDescription;
}

/** Two values entry by entry. One may have a value for each channel alone, for each pixel, or for all. */
export interface BinaryDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'multiply' | 'subtract' | 'maximum' | 'minimum';
  /** Default `linear`. */
  readonly activation?: ActivationDescription;
}

/** A ReLU with slopes that were trained. */
export interface PreluDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'prelu';
  /** Name of the tensor of slopes, of one axis: one for each channel, or for each entry in the order HWC. */
  readonly slope: string;
}

/** Zeros around an image, or an image without its border. */
export interface BorderDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'zeroPadding' | 'crop';
  /** `[top, bottom, left, right]`. */
  readonly padding: readonly [number, number, number, number];
}

/** An image enlarged by whole factors. */
export interface UpsamplingDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'upsampling';
  /** Vertical and horizontal factor. */
  readonly factors: readonly [number, number];
  /** Default `nearest`. */
  readonly mode?: 'nearest' | 'bilinear';
  /**
   * For `bilinear`: `corner` as in TensorFlow.js, `half` as in PyTorch (`align_corners=False`) and Keras, the default.
   */
  readonly centers?: 'corner' | 'half';
}

/** Channels as blocks of pixels, the channel of the block first, as TensorFlow's `depth_to_space`. */
export interface DepthToSpaceDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'depthToSpace';
  /** Height and width of a block. */
  readonly block: readonly [number, number];
  /** What is cut off the result, `[top, bottom, left, right]`. Default: nothing. */
  readonly padding?: readonly [number, number, number, number];
}

/** Axes of an image in another order. */
export interface PermuteDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'permute';
  /** For each axis of the result the axis of the input, 0 to 2, that it is. */
  readonly order: readonly [number, number, number];
}

/** A vector as an image, in the order HWC. */
export interface ReshapeDescription extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'reshape';
  /** `[height, width, channels]` or `[features]`. */
  readonly target: Shape;
}
