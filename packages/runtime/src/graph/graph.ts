/**
 * A feed-forward network as data: what every front end (checkpoint, LayersModel, safetensors with a description)
 * becomes and what the compiler takes. Images are `[height, width, channels]`, kernels
 * `[height, width, in / groups, out]`, as in TensorFlow.js. Batch is not part of it.
 */
export interface Graph {
  /** Name and shape of the value that the caller gives. */
  readonly input: { readonly name: string; readonly shape: Shape };
  /** In an order in which inputs come before their users. */
  readonly nodes: readonly GraphNode[];
  /** Name of the node whose value is the result; of the input if there is nothing to do. */
  readonly output: string;
}

/** `[height, width, channels]` of an image or `[features]` of a vector. */
export type Shape = readonly [number, number, number] | readonly [number];

/** Rows and columns of zeros around an image. */
export interface Padding {
  /** Rows above. */
  readonly top: number;
  /** Rows below. */
  readonly bottom: number;
  /** Columns before. */
  readonly left: number;
  /** Columns after. */
  readonly right: number;
}

interface Node {
  /** Unique name. */
  readonly name: string;
  /** Names of the nodes (or of the graph's input) whose values it takes. */
  readonly inputs: readonly string[];
  /** Shape of its value. */
  readonly shape: Shape;
}

/** What is applied to a result before it is stored. */
export type Activation = 'linear' | 'relu' | 'relu6';

/**
 * A convolution of its first input. A second input, if there is one, is the residual: a value of this node's own shape
 * that is added after the bias and before the activation.
 */
export interface ConvolutionNode extends Node {
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

/** Every output from every input of a vector. */
export interface DenseNode extends Node {
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
export interface NormalizationNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'normalization';
  /** The value is `x * scale + offset`, by channel. */
  readonly scale: Float32Array;
  /** Added to the product, by channel. */
  readonly offset: Float32Array;
}

/** An activation of every entry. */
export interface ActivationNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'activation';
  /** What is applied last. */
  readonly activation: Activation;
}

/** Sum of two values of the same shape; a fused one is the residual of a convolution. */
export interface AddNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'add';
  /** What is applied last. */
  readonly activation: Activation;
}

/** Joins images of the same height and width, or vectors, along the last axis. */
export interface ConcatNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'concat';
}

/** A maximum or average over windows. */
export interface PoolNode extends Node {
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
export interface GlobalPoolNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'globalPool';
  /** What is taken of the places in the window. */
  readonly mode: 'max' | 'average';
}

/** Zeros around an image. */
export interface ZeroPaddingNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'zeroPadding';
  /** Zeros around the image. */
  readonly padding: Padding;
}

/** An image as a vector, in the order `[height, width, channels]`. */
export interface FlattenNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'flatten';
}

/** Of a vector. */
export interface SoftmaxNode extends Node {
  /** Which kind of node it is. */
  readonly kind: 'softmax';
}

/** A node of a {@link Graph}. */
export type GraphNode =
  | ConvolutionNode
  | DenseNode
  | NormalizationNode
  | ActivationNode
  | AddNode
  | ConcatNode
  | PoolNode
  | GlobalPoolNode
  | ZeroPaddingNode
  | FlattenNode
  | SoftmaxNode;
