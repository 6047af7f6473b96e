import type { NodeBase, Padding, Shape } from './node.js';

/** An image without its border. */
export interface CropNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'crop';
  /** Rows and columns that are cut off. */
  readonly padding: Padding;
}

/** An image enlarged by whole factors. */
export interface UpsamplingNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'upsampling';
  /** Vertical and horizontal factor. */
  readonly factors: readonly [number, number];
  /** Whether pixels are repeated, or four of them averaged. */
  readonly mode: 'nearest' | 'bilinear';
  /**
   * Which point of a pixel its place means, for `bilinear`: `corner` as in TensorFlow.js, where pixel y of the result
   * lies at `y / factor`, or `half` as in Keras and PyTorch, where it lies at `(y + 0.5) / factor - 0.5`.
   */
  readonly centers: 'corner' | 'half';
}

/**
 * Channels as blocks of pixels: channel `(y · width + x) · out + c` of a pixel is channel `c` of the pixel `(y, x)` of
 * a block, as in TensorFlow's `depth_to_space`.
 */
export interface DepthToSpaceNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'depthToSpace';
  /** Height and width of a block. */
  readonly block: readonly [number, number];
  /** Rows and columns that are cut off the result. */
  readonly padding: Padding;
}

/** An image whose axes stand in another order. */
export interface PermuteNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'permute';
  /** For every axis of the result, 0 to 2, the axis of the input that it is. */
  readonly order: readonly [number, number, number];
}

/** A vector as an image or vector, in the order `[height, width, channels]`. */
export interface ReshapeNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'reshape';
  /** Shape of the result. */
  readonly target: Shape;
}
