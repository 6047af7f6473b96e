import type { Activation } from './activation.js';
import type { NodeBase } from './node.js';

/** An activation of every entry. */
export interface ActivationNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'activation';
  /** What is applied last. */
  readonly activation: Activation;
}

/**
 * Sum of two values of the same shape, or of one and a smaller one: see {@link BinaryNode}. A fused one is the residual
 * of a convolution.
 */
export interface AddNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'add';
  /** What is applied last. */
  readonly activation: Activation;
}

/**
 * Product, difference, maximum or minimum of two values, entry by entry. One of them may be smaller: a value for each
 * channel (`[channels]` or `[1, 1, channels]`), for each pixel (`[height, width, 1]`), or for all.
 */
export interface BinaryNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'multiply' | 'subtract' | 'maximum' | 'minimum';
  /** What is applied last. */
  readonly activation: Activation;
}

/** `x < 0 ? slope x : x`, with slopes that were trained. */
export interface PreluNode extends NodeBase {
  /** Which kind of node it is. */
  readonly kind: 'prelu';
  /** One for each channel, or one for each entry, in the order `[height, width, channels]`. */
  readonly slope: Float32Array;
}
