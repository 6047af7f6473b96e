import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it, test } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

interface Depthwise {
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly multiplier: number;
  readonly filter: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid' | number;
}

function gradients({ size, channels, multiplier, filter, strides, pad }: Depthwise): tf.Tensor[] {
  const x = noiseTensor([2, ...size, channels], 1);
  const w = noiseTensor([...filter, channels, multiplier], 2);
  const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
    tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, [...strides], pad);
  return tf.grads(convolve)([x, w], noiseTensor(convolve(x, w).shape, 3));
}

const base: Depthwise = { size: [7, 6], channels: 6, multiplier: 1, filter: [3, 3], strides: [1, 1], pad: 'same' };

test.each<Partial<Depthwise> & { why: string }>([
  { why: 'a plain layer' },
  { why: 'stride 2', strides: [2, 2] },
  { why: 'valid padding', pad: 'valid' },
  { why: 'stride 2 with valid padding', strides: [2, 2], pad: 'valid' },
  { why: 'a numeric padding', pad: 2 },
  { why: 'two output channels per input channel', multiplier: 2, channels: 5 },
  { why: 'one channel', channels: 1 },
  { why: 'eight channels and a 5 x 3 filter', channels: 8, filter: [5, 3] },
  { why: 'an image smaller than the filter', size: [2, 1], filter: [5, 5] },
])('both depthwise gradients agree with cpu for $why', async ({ why: _, ...change }) => {
  await expectSameAsCpu(() => gradients({ ...base, ...change }));
});

it('agrees with cpu for random depthwise convolutions', async () => {
  const geometries = fc.record({
    size: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
    channels: fc.integer({ min: 1, max: 9 }),
    multiplier: fc.integer({ min: 1, max: 3 }),
    filter: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    // TensorFlow.js' wasm forward pass takes any strides, its cpu gradient only equal ones.
    strides: fc.integer({ min: 1, max: 3 }).map((stride): readonly [number, number] => [stride, stride]),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  });
  await fc.assert(
    fc.asyncProperty(geometries, depthwise => expectSameAsCpu(() => gradients(depthwise))),
    { numRuns: 40 },
  );
});

it('differentiates a dilated filter, as the definition does', async () => {
  // x = 1..5 in one line, w = [a, b] with dilation 2: y[i] = a x[i] + b x[i + 2], i = 0..2. With dy = [1, 10, 100]:
  // dw = [1*1 + 2*10 + 3*100, 3*1 + 4*10 + 5*100] = [321, 543]
  // dx with w = [2, 3] = [2*1, 2*10, 2*100 + 3*1, 3*10, 3*100] = [2, 20, 203, 30, 300]
  const attributes = {
    strides: [1, 1],
    pad: 'valid',
    dilations: [1, 2],
    inputShape: [1, 1, 5, 1],
    filterShape: [1, 2, 1, 1],
  };
  const run = (): tf.Tensor[] => {
    const dy = tf.tensor([1, 10, 100], [1, 1, 3, 1]);
    return [
      tf
        .engine()
        .runKernel(
          'DepthwiseConv2dNativeBackpropFilter',
          { x: tf.tensor([1, 2, 3, 4, 5], [1, 1, 5, 1]), dy },
          attributes,
        ) as tf.Tensor,
      tf
        .engine()
        .runKernel(
          'DepthwiseConv2dNativeBackpropInput',
          { dy, filter: tf.tensor([2, 3], [1, 2, 1, 1]) },
          attributes,
        ) as tf.Tensor,
    ];
  };
  const [filter, input] = await valuesOn('wasm', run);
  expect([...filter!.values]).toEqual([321, 543]);
  expect([...input!.values]).toEqual([2, 20, 203, 30, 300]);
});
