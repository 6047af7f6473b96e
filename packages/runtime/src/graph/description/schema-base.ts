import type { PlainActivation } from '../activation.js';

/** Names of the earlier values that a node reads, and its own. */
export interface NodeBase {
  /** Unique name. */
  readonly name: string;
  /** Names of earlier nodes or of the input, in order. */
  readonly inputs: readonly string[];
}

/** Zeros, or places that do not count, around an image: TensorFlow's names, or `[top, bottom, left, right]`. */
export type PaddingDescription = 'valid' | 'same' | readonly [number, number, number, number];

/**
 * An activation: a name, or one with parameters, whose defaults are those of a ReLU, an ELU and Keras 2's hard sigmoid.
 */
export type ActivationDescription =
  | PlainActivation
  | {
      /** `x > threshold ? min(x, maximum) : slope (x - threshold)`. */
      readonly kind: 'rectifier';
      /** Default 0. */
      readonly slope?: number;
      /** Default 0. */
      readonly threshold?: number;
      /** Default: none. */
      readonly maximum?: number;
    }
  | {
      /** `x > 0 ? x : alpha (e^x - 1)`. */
      readonly kind: 'elu';
      /** Default 1. */
      readonly alpha?: number;
    }
  | {
      /** `min(max(slope x + offset, 0), 1)`. */
      readonly kind: 'hardSigmoid';
      /** Default 0.2. */
      readonly slope?: number;
      /** Default 0.5. */
      readonly offset?: number;
    };
