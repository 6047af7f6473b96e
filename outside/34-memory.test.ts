import '@tensorflow/tfjs-layers';
import { useBackend, WasmMemoryError } from '@espalier/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';

/** Whether the backend still computes right. */
function works(): boolean {
  return tf.tidy(() => {
    const product = tf.matMul(tf.ones([40, 3]), tf.ones([3, 2]));
    return product.dataSync().every(value => value === 3);
  });
}

beforeEach(() => useBackend('wasm'));

describe('a step that outgrows the memory of wasm', () => {
  it.each([
    ['a tensor of 4 GiB', () => tf.zeros([2 ** 30])],
    ['a tensor whose size is 0 modulo 4 GiB', () => tf.fill([2 ** 31], 1)],
    [
      'a convolution',
      () => tf.conv2d(tf.ones<tf.Rank.R4>([1, 4, 4, 1]), tf.ones<tf.Rank.R4>([1, 1, 1, 2 ** 27]), 1, 'same'),
    ],
    ['a tile', () => tf.tile(tf.ones([1024]), [2 ** 20])],
    ['a broadcast sum', () => tf.add(tf.ones([2 ** 15, 1]), tf.ones([1, 2 ** 15]))],
    [
      'a padding',
      () =>
        tf.pad(tf.ones([2, 2]), [
          [0, 2 ** 15],
          [0, 2 ** 15],
        ]),
    ],
  ] as const)('fails with a code at %s, and leaves the backend as it was', (_what, step) => {
    const [tensors, buffers] = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const thrown = expect(() => tf.tidy(() => void step()));
    thrown.toThrow(WasmMemoryError);
    thrown.toThrow(expect.objectContaining({ code: 'WASM_MEMORY', message: expect.stringMatching(/smaller batch/) }));
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.engine().backend.numDataIds()).toBe(buffers);
    expect(works()).toBe(true);
  });

  it('says how much was asked for and how much was in use', () => {
    const held = tf.zeros([2 ** 22]);
    try {
      tf.tidy(() => void tf.zeros([2 ** 30]));
      expect.unreachable();
    } catch (error) {
      const { requestedBytes, bytesInUse, limitBytes } = error as WasmMemoryError;
      expect(requestedBytes).toBe(2 ** 32);
      expect(bytesInUse).toBeGreaterThanOrEqual(2 ** 24);
      expect(limitBytes).toBeLessThan(2 ** 32);
    }
    held.dispose();
  });

  it('fails in the midst of a gradient without leaving anything behind', () => {
    const [tensors, buffers] = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const f = (x: tf.Tensor): tf.Tensor => tf.sum(tf.tile(tf.square(tf.tile(x, [2 ** 13])), [2 ** 10]));
    expect(() => tf.tidy(() => void tf.grad(f)(tf.ones([2 ** 8])))).toThrow(WasmMemoryError);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.engine().backend.numDataIds()).toBe(buffers);
    expect(works()).toBe(true);
  });
});
