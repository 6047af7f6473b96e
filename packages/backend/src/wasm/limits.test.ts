import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

/** NaN with its sign set, as x86 makes it of Infinity - Infinity, and JavaScript's NaN. */
const nan = (): tf.Tensor => tf.tensor1d(new Float32Array(Uint32Array.of(0xffc00000, 0x7fc00000).buffer));

it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['relu', tf.relu],
  ['relu6', tf.relu6],
  ['clipByValue', x => tf.clipByValue(x, -1, 1)],
  ['maximum, first', x => tf.maximum(x, 1)],
  ['maximum, second', x => tf.maximum(1, x)],
  ['minimum, first', x => tf.minimum(x, 1)],
  ['minimum, second', x => tf.minimum(1, x)],
  ['prelu', x => tf.prelu(x, tf.tensor1d([2, 2]))],
  ['maxPool', x => tf.maxPool(tf.reshape(x, [2, 1, 1, 1]) as tf.Tensor4D, 1, 1, 'valid')],
  ['avgPool', x => tf.avgPool(tf.reshape(x, [2, 1, 1, 1]) as tf.Tensor4D, 1, 1, 'valid')],
  [
    'depthwiseConv2d',
    x => tf.depthwiseConv2d(tf.reshape(x, [2, 1, 1, 1]) as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 1, 'valid'),
  ],
  [
    'matMul with relu',
    x => tf.fused.matMul({ a: tf.reshape(x, [2, 1]) as tf.Tensor2D, b: tf.ones([1, 1]), activation: 'relu' }),
  ],
  ['the gradient of relu', tf.grad(tf.relu)],
])('NaN stays NaN in %s', async (_, compute) => {
  const [result] = await valuesOn('wasm', () => compute(nan()));
  expect([...(result?.values ?? [])]).toEqual([Number.NaN, Number.NaN]);
});

it('takes slopes of any shape that fits the values', async () => {
  const x = (): tf.Tensor => tf.tensor2d([-1, -1, -1, -1, -1, 5], [2, 3]);
  const of = async (slopes: () => tf.Tensor): Promise<number[]> => {
    const [result] = await valuesOn('wasm', () => tf.prelu(x(), slopes()));
    return [...(result?.values ?? [])];
  };
  expect(await of(() => tf.tensor2d([2, 3], [2, 1]))).toEqual([-2, -2, -2, -3, -3, 5]);
  expect(await of(() => tf.tensor1d([2, 3, 4]))).toEqual([-2, -3, -4, -2, -3, 5]);
});
