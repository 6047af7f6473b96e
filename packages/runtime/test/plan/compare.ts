import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';

/** Repeatable numbers from −1 to 1. */
export function noise(length: number, seed: number): Float32Array {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/**
 * Sets entries of every kernel to zero at random, and gives normalization statistics that are not those of a new model.
 */
export function sparsify(model: tfl.LayersModel, density: number, seed: number): void {
  const values = model.weights.map(({ originalName, shape }, index) => {
    const size = tf.util.sizeFromShape(shape as number[]);
    const values = noise(size, seed + index);
    if (originalName.endsWith('variance'))
      return tf.tensor(
        values.map(value => 1 + value / 2),
        shape as number[],
      );
    if (!originalName.endsWith('kernel'))
      return tf.tensor(
        values.map(value => value / 4),
        shape as number[],
      );
    const scale = Math.sqrt((3 * (shape.at(-1) ?? 1)) / (size * density));
    const kept = noise(size, seed + 1000 + index);
    return tf.tensor(
      values.map((value, at) => ((kept[at] ?? 0) + 1 < 2 * density ? scale * value : 0)),
      shape as number[],
    );
  });
  model.setWeights(values);
  tf.dispose(values);
}

/** What TensorFlow.js makes of a batch of inputs. */
export async function predicted(model: tfl.LayersModel, input: Float32Array): Promise<Float32Array> {
  const shape = model.inputs[0]?.shape.slice(1) as number[];
  const result = tf.tidy(
    () => model.predict(tf.tensor(input, [input.length / tf.util.sizeFromShape(shape), ...shape])) as tf.Tensor,
  );
  const values = await result.data();
  result.dispose();
  return values as Float32Array;
}

/** Asserts that no entry differs by more than 1e-4 of the largest, or of `least` where all are smaller. */
export function expectClose(actual: Float32Array, expected: Float32Array, least = 1e-6): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), least);
  const error = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (actual[at] ?? Number.NaN))), 0);
  expect(error / largest).toBeLessThan(1e-4);
}
