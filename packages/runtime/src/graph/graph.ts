/**
 * A feed-forward network as data: what every front end (checkpoint, LayersModel, safetensors with a description) becomes
 * and what the compiler takes. Images are `[height, width, channels]`, kernels `[height, width, in / groups, out]`, as in
 * TensorFlow.js. Batch is not part of it.
 */
export interface Graph {
  readonly input: { readonly name: string; readonly shape: Shape };
  /** In an order in which inputs come before their users. */
  readonly nodes: readonly GraphNode[];
  /** Name of the node whose value is the result. */
  readonly output: string;
}

/** `[height, width, channels]` of an image or `[features]` of a vector. */
export type Shape = readonly [number, number, number] | readonly [number];

/** Rows and columns of zeros around an image. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
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

export interface ConvolutionNode extends Node {
  readonly kind: 'convolution';
  /** `[height, width, in / groups, out]`, row-major. */
  readonly kernel: Float32Array;
  readonly kernelShape: readonly [number, number, number, number];
  readonly bias?: Float32Array;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: Padding;
  /** 1 for ordinary convolutions, the number of input channels for depthwise ones. */
  readonly groups: number;
  readonly activation: Activation;
}

export interface DenseNode extends Node {
  readonly kind: 'dense';
  /** `[in, out]`, row-major. */
  readonly kernel: Float32Array;
  readonly bias?: Float32Array;
  readonly activation: Activation;
}

export interface NormalisationNode extends Node {
  readonly kind: 'normalisation';
  /** The value is `x * scale + offset`, by channel. */
  readonly scale: Float32Array;
  readonly offset: Float32Array;
}

export interface ActivationNode extends Node {
  readonly kind: 'activation';
  readonly activation: Activation;
}

/** Sum of two values of the same shape; a fused one is the residual of a convolution. */
export interface AddNode extends Node {
  readonly kind: 'add';
  readonly activation: Activation;
}

/** Joins images of the same height and width, or vectors, along the last axis. */
export interface ConcatNode extends Node {
  readonly kind: 'concat';
}

export interface PoolNode extends Node {
  readonly kind: 'pool';
  readonly mode: 'max' | 'average';
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Padded places do not count: they are neither a maximum nor part of an average, as in TensorFlow. */
  readonly padding: Padding;
}

/** Average or maximum over the whole image; the value is a vector. */
export interface GlobalPoolNode extends Node {
  readonly kind: 'globalPool';
  readonly mode: 'max' | 'average';
}

export interface ZeroPaddingNode extends Node {
  readonly kind: 'zeroPadding';
  readonly padding: Padding;
}

/** An image as a vector, in the order `[height, width, channels]`. */
export interface FlattenNode extends Node {
  readonly kind: 'flatten';
}

/** Of a vector. */
export interface SoftmaxNode extends Node {
  readonly kind: 'softmax';
}

export type GraphNode =
  | ConvolutionNode
  | DenseNode
  | NormalisationNode
  | ActivationNode
  | AddNode
  | ConcatNode
  | PoolNode
  | GlobalPoolNode
  | ZeroPaddingNode
  | FlattenNode
  | SoftmaxNode;
