import { cosine, fixed, type PruningMethod, type Schedule, warmUp } from '@espalier/core';
import { magnitude } from '@espalier/prune-magnitude';

/**
 * Everything that decides the result. Both networks start from the same weights, see the same digits in the same order,
 * and are trained for the same number of steps; the method is the only difference.
 */
export const recipe = {
  seed: 1,
  batchSize: 64,
  /** Twelve epochs of 132 steps. */
  steps: 1584,
  learningRate: 0.05,
  /** Steps in which the learning rate rises from 0: half an epoch. */
  warmUp: 66,
  momentum: 0.9,
  weightDecay: 1e-4,
  /** Digits are moved by up to this many pixels in training. */
  crop: 1,
  /** Fraction of the weights that is masked in the end. */
  sparsity: 0.9,
  /** Pruning starts after one epoch and ends after eight; the last four let the network recover. */
  cadence: { start: 132, end: 1056, every: 22 },
  /** The test digits are looked at this often, for the chart alone. */
  evaluateEvery: 44,
} as const;

const { steps, sparsity, cadence } = recipe;

/** The learning rate rises at first, then falls along a cosine to 0. */
export const learningRate: Schedule = warmUp(cosine({ from: recipe.learningRate, start: recipe.warmUp, end: steps }), {
  steps: recipe.warmUp,
});

/** Ordinary training: nothing is ever masked. */
export const dense: PruningMethod<null> = fixed();

/** Gradual pruning: masks the weights that are smallest in the whole network, a few more every 22 steps. */
export const gradual: PruningMethod<null> = magnitude({ sparsity, cadence });
