import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorOperations } from '../../method/tensor-operations.js';
import { tensorOperations as operations } from './tensor-operations.js';

const numbers = (result: (given: TensorOperations<tf.Tensor>) => tf.Tensor): number[] => {
  const tensor = tf.tidy(() => result(operations));
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values.map(value => value + 0);
};

describe.each(['cpu', 'wasm'])('on %s', backend => {
  let x: tf.Tensor;
  let one: tf.Tensor;
  let before: number;
  beforeAll(async () => {
    await tf.setBackend(backend);
    before = tf.memory().numTensors;
    x = tf.tensor1d([-2, 0, 3]);
    one = tf.scalar(1);
  });
  afterAll(() => {
    tf.dispose([x, one]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('arithmetic takes tensors, one-entry tensors and numbers', () => {
    expect(numbers(({ add }) => add(x, x))).toEqual([-4, 0, 6]);
    expect(numbers(({ sub }) => sub(x, one))).toEqual([-3, -1, 2]);
    expect(numbers(({ mul }) => mul(x, 2))).toEqual([-4, 0, 6]);
    expect(numbers(({ mul }) => mul(one, x))).toEqual([-2, 0, 3]);
    expect(numbers(({ abs }) => abs(x))).toEqual([2, 0, 3]);
    expect(numbers(({ sign }) => sign(x))).toEqual([-1, 0, 1]);
    expect(numbers(({ relu }) => relu(x))).toEqual([0, 0, 3]);
    expect(numbers(({ exp }) => exp(tf.zerosLike(x)))).toEqual([1, 1, 1]);
    expect(numbers(({ sum }) => sum(tf.stack([x, x])))).toEqual([2]);
  });

  it('sigmoid is 0, 1/2 and 1 at -3200, 0 and 3200, and its slope there is no NaN', () => {
    const far = tf.tensor1d([-3200, 0, 3200]);
    expect(numbers(({ sigmoid }) => sigmoid(far))).toEqual([0, 0.5, 1]);
    const slope = numbers(({ mul, sigmoid, sub }) => mul(sigmoid(far), mul(sub(sigmoid(far), 1), -1)));
    expect(slope).toEqual([0, 0.25, 0]);
    far.dispose();
  });

  it('whereGreater selects strictly, also beside NaN', () => {
    const nan = tf.fill([3], Number.NaN);
    expect(numbers(({ whereGreater }) => whereGreater(x, 0, x, nan)).slice(2)).toEqual([3]);
    expect(numbers(({ whereGreater }) => whereGreater(x, 5, nan, x))).toEqual([-2, 0, 3]);
    expect(numbers(({ whereGreater }) => whereGreater(x, one, x, 7))).toEqual([7, 7, 3]);
    expect(numbers(({ whereGreater }) => whereGreater(x, 3, x, -1))).toEqual([-1, -1, -1]);
    nan.dispose();
  });
});
