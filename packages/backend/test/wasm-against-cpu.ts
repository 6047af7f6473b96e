import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerWasmTrainingKernels } from '../src/wasm/register.js';
import { difference, outcomeOn } from './sweep/compare.js';

/** Starts both backends and registers the kernels; tests call it once before anything else. */
export async function startBackends(): Promise<void> {
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
  await tf.ready();
  await registerWasmTrainingKernels();
}

/**
 * Numbers in [-1, 1) that depend on the seed only (a linear congruential generator with Numerical Recipes' constants).
 */
export function noise(length: number, seed: number): Float32Array {
  let state = (seed * 2654435761) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A tensor of {@link noise}. */
export function noiseTensor(shape: number[], seed: number): tf.Tensor {
  return tf.tensor(noise(tf.util.sizeFromShape(shape), seed), shape);
}

/**
 * Runs `compute` on a backend and gives the values of its results; asserts that it leaves no tensor and no data behind.
 */
export async function valuesOn(
  backend: 'cpu' | 'wasm',
  compute: () => tf.Tensor | tf.Tensor[],
): Promise<{ shape: number[]; values: Float32Array }[]> {
  await tf.setBackend(backend);
  const tensors = tf.memory().numTensors;
  const buffers = tf.engine().backend.numDataIds();
  const results = [tf.tidy(compute)].flat();
  const values = await Promise.all(
    results.map(async result => ({ shape: result.shape, values: Float32Array.from(await result.data()) })),
  );
  tf.dispose(results);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tf.engine().backend.numDataIds()).toBe(buffers);
  return values;
}

/**
 * Asserts that `compute` gives the same on wasm as on cpu, up to `tolerance` of the largest value, or of 1 where all
 * values are smaller: sums of products of {@link noise} may cancel to almost nothing, and their rounding errors do not.
 */
export async function expectSameAsCpu(compute: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
  const expected = await valuesOn('cpu', compute);
  const actual = await valuesOn('wasm', compute);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ values }, i) => {
    expect(largestError(values, expected[i]!.values, 1)).toBeLessThanOrEqual(tolerance);
  });
}

/** {@link noiseTensor} with some NaN, infinities, zeros of both signs and whole numbers among its values. */
export function divergedTensor(shape: number[], seed: number, specials: readonly number[] = SPECIALS): tf.Tensor {
  const values = noise(tf.util.sizeFromShape(shape), seed);
  const choices = noise(values.length, seed + 1000);
  const picked = values.map((value, i) => {
    const choice = Math.floor(((choices[i]! + 1) / 2) * 4 * specials.length);
    return choice < specials.length ? specials[choice]! : value;
  });
  return tf.tensor(picked, shape);
}

const SPECIALS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, 6, 7];

/** Asserts that `compute` gives the same on wasm as on cpu, NaN and infinities too, and leaves nothing behind. */
export async function expectSameSpecialValues(
  compute: () => tf.Tensor | tf.Tensor[],
  reference: () => tf.Tensor | tf.Tensor[] = compute,
): Promise<void> {
  const [expected, actual] = [
    await outcomeOn('cpu', { name: '', compute, reference }),
    await outcomeOn('wasm', { name: '', compute }),
  ];
  expect('error' in expected ? expected.error : undefined).toBeUndefined();
  expect(difference(expected, actual)).toBeUndefined();
}

/** Largest difference, relative to the largest expected magnitude or `floor`; Infinity if a value is not finite. */
export function largestError(actual: Float32Array, expected: Float32Array, floor = 0): number {
  if (actual.length !== expected.length || !actual.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), floor);
  const error = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
  return largest === 0 ? error : error / largest;
}
