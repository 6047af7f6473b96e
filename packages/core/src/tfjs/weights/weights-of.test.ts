import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { weightsOf } from './weights-of.js';

beforeAll(() => tf.setBackend('cpu'));

describe('weightsOf', () => {
  it('goes by rank, and prunes trained matrices', () => {
    const before = tf.memory().numTensors;
    const variables = tf.tidy(() => ({
      matrix: tf.variable(tf.zeros([2, 2])),
      vector: tf.variable(tf.zeros([2])),
      scalar: tf.variable(tf.scalar(0)),
      frozen: tf.variable(tf.zeros([2, 2]), false),
    }));
    const lines = (weights: ReturnType<typeof weightsOf>): string[] =>
      weights.map(({ name, role, trainable, prunable }) => `${name} ${role} ${trainable} ${prunable}`);
    expect(lines(weightsOf(variables))).toEqual([
      'matrix kernel true true',
      'vector bias true false',
      'scalar other true false',
      'frozen kernel false false',
    ]);
    expect(lines(weightsOf(variables, { role: () => 'embedding', include: ['vector'] }))[1]).toBe(
      'vector embedding true true',
    );
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what is not a variable', () => {
    const tensor = tf.scalar(1);
    expect(() => weightsOf({ tensor: tensor as tf.Variable })).toThrow(/"variables.tensor" is an object/);
    tensor.dispose();
  });
});
