import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { methodContract } from '../../src/testing/contract/method-contract.js';
import { gradualToy } from '../toys/toy-methods.js';

export const momentum = (): tf.Optimizer => tf.train.momentum(0.05, 0.9);

/** Runs the one case whose name contains the words. */
export function check(
  words: string,
  create: () => PruningMethod,
  optimizer: () => tf.Optimizer = momentum,
): Promise<void> {
  const found = methodContract(create, { optimizers: { it: optimizer }, steps: 12 }).filter(({ name }) =>
    name.includes(words),
  );
  expect(found.map(({ name }) => name)).toHaveLength(1);
  return found[0]!.run();
}

/** The gradual toy method with some of it replaced. */
export const gradual = (changes: Partial<PruningMethod> = {}) => {
  return (): PruningMethod => ({ ...(gradualToy() as PruningMethod), ...changes });
};
