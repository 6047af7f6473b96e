import type { Activation } from './activation.js';
import type { CropNode, DepthToSpaceNode, PermuteNode, ReshapeNode, UpsamplingNode } from './arrangement-nodes.js';
import type { ActivationNode, AddNode, BinaryNode, PreluNode } from './elementwise-nodes.js';
import type { NodeBase, Padding, Shape } from './node.js';

export type { Activation } from './activation.js';
export type * from './arrangement-nodes.js';
export type * from './elementwise-nodes.js';
export type { Padding, Shape } from './node.js';

/** Name and shape of a value that the caller gives. */
export interface GraphInput {
  /** Unique name. */
  readonly name: string;
  /** Without the batch. */
  readonly shape: Shape;
}

/**
 * A feed-forward network as data: what every front end (checkpoint, LayersModel, safetensors with a description)
 * becomes and what the compiler takes. Images are `[height, width, channels]`, kernels
 * `[height, width, in / groups, out]`, as in TensorFlow.js. Batch is not part of it. A sequence of vectors is an image
 * of one row.
 */
export interface Graph {
  /** Name and shape of the value that the caller gives. */
  readonly input: GraphInput;
  /** Further values that the caller gives; without, there are none. */
  readonly otherInputs?: readonly GraphInput[] | undefined;
  /** In an order in which inputs come before their users. */
  readonly nodes: readonly GraphNode[];
  /** Name of the node whose value is the result; of the input if there is nothing to do. */
  readonly output: string;
  /** Names of the nodes whose values are further results; without, there are none. */
  readonly otherOutputs?: readonly string[] | undefined;
}

/**
 * A convolution of its first input. A second input, if there is one, is the residual: a value of this node's own shape
 * that is added after the bias and before the activation.
 */
export interface ConvolutionNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'convolution';
  /** `[height, width, in / groups, out]`, row-major. */
  readonly kernel: Float32Array;
  /** Sizes of the kernel's axes. */
  readonly kernelShape: readonly [number, number, number, number];
  /** One value for each output; without, there is none. */
  readonly bias?: Float32Array;
  /** Vertical and horizontal stride. */
  readonly strides: readonly [number, number];
  /** Vertical and horizontal distance of the kernel's taps. */
  readonly dilations: readonly [number, number];
  /** Zeros around the image. */
  readonly padding: Padding;
  /** 1 for ordinary convolutions, the number of input channels for depthwise ones. */
  readonly groups: number;
  /** What is applied last. */
  readonly activation: Activation;
}

/** A transposed convolution: every pixel adds its products with the whole kernel to the pixels around its place. */
export interface TransposedConvolutionNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'transposedConvolution';
  /** `[height, width, in, out]`, row-major. TensorFlow's have the last two axes the other way round. */
  readonly kernel: Float32Array;
  /** Sizes of the kernel's axes. */
  readonly kernelShape: readonly [number, number, number, number];
  /** One value for each output; without, there is none. */
  readonly bias?: Float32Array;
  /** How far the places of neighbors are apart. */
  readonly strides: readonly [number, number];
  /** What is cut off the result, `(size - 1) · stride + kernel + extra` long, less than the kernel on each side. */
  readonly padding: Padding;
  /** Rows and columns that nothing is added to, below and on the right, before cutting; less than the stride. */
  readonly extra: readonly [number, number];
  /** What is applied last. */
  readonly activation: Activation;
}

/** Every output from every input of a vector. */
export interface DenseNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'dense';
  /** `[in, out]`, row-major. */
  readonly kernel: Float32Array;
  /** One value for each output; without, there is none. */
  readonly bias?: Float32Array;
  /** What is applied last. */
  readonly activation: Activation;
}

/** A factor and an offset for each channel: batch normalization at inference. */
export interface NormalizationNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'normalization';
  /** The value is `x * scale + offset`, by channel. */
  readonly scale: Float32Array;
  /** Added to the product, by channel. */
  readonly offset: Float32Array;
}

/** Joins images of the same height and width, or vectors, along the last axis. */
export interface ConcatNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'concat';
}

/** A maximum or average over windows. */
export interface PoolNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'pool';
  /** What is taken of the places in the window. */
  readonly mode: 'max' | 'average';
  /** Height and width of the window. */
  readonly size: readonly [number, number];
  /** Vertical and horizontal stride. */
  readonly strides: readonly [number, number];
  /** Padded places do not count: they are neither a maximum nor part of an average, as in TensorFlow. */
  readonly padding: Padding;
}

/** Average or maximum over the whole image; the value is a vector. */
export interface GlobalPoolNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'globalPool';
  /** What is taken of the places in the window. */
  readonly mode: 'max' | 'average';
}

/** Zeros around an image. */
export interface ZeroPaddingNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'zeroPadding';
  /** Zeros around the image. */
  readonly padding: Padding;
}

/** An image as a vector, in the order `[height, width, channels]`. */
export interface FlattenNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'flatten';
}

/** Of a vector, or of the channels of every pixel. */
export interface SoftmaxNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'softmax';
}

/** A node of a {@link Graph}. */
export type GraphNode =
  | ConvolutionNode
  | TransposedConvolutionNode
  | DenseNode
  | NormalizationNode
  | ActivationNode
  | AddNode
  | BinaryNode
  | PreluNode
  | ConcatNode
  | PoolNode
  | GlobalPoolNode
  | ZeroPaddingNode
  | CropNode
  | UpsamplingNode
  | DepthToSpaceNode
  | PermuteNode
  | FlattenNode
  | ReshapeNode
  | SoftmaxNode;
