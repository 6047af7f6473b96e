import type { TensorOperations } from '@espalier/core';

/**
 * How a layer's number `s` becomes the threshold that its weights are compared with: `sigmoid`, `1 / (1 + exp(-s))`, in
 * (0, 1), or `exponential`, `exp(s)`, > 0.
 */
export type ThresholdFunction = 'sigmoid' | 'exponential';

/** What the method needs of a threshold function `g`. */
export interface ThresholdRule {
  /** `g(s)`. */
  value<T>(operations: TensorOperations<T>, s: T): T;
  /** `g'(s)`, from `g(s)`; 0 where `g` underflows. */
  slope<T>(operations: TensorOperations<T>, value: T): T;
  /** The `s` with `g(s) = threshold`; −∞ at 0. */
  inverse(threshold: number): number;
}

/** The largest number below 1 that single precision has. */
const nearlyOne = 1 - 2 ** -24;

const logit = (threshold: number): number => Math.log(threshold) - Math.log1p(-threshold);

export const thresholdRules: Readonly<Record<ThresholdFunction, ThresholdRule>> = {
  sigmoid: {
    value: (operations, s) => operations.sigmoid(s),
    slope: (operations, value) => operations.sub(value, operations.mul(value, value)),
    // No sigmoid reaches a weight of 1; such weights still rank by size, above all others.
    inverse: threshold =>
      threshold < nearlyOne ? logit(threshold) : logit(nearlyOne) + Math.min(1e6, threshold - nearlyOne),
  },
  exponential: {
    value: (operations, s) => operations.exp(s),
    slope: (_, value) => value,
    inverse: threshold => Math.log(threshold),
  },
};
