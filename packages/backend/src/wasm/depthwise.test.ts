import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it, test } from 'vitest';
import {
  divergedTensor,
  expectSameAsCpu,
  expectSameSpecialValues,
  largestError,
  noiseTensor,
  startBackends,
  valuesOn,
} from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

interface Depthwise {
  readonly size: readonly [number, number];
  readonly channels: number;
  readonly multiplier: number;
  readonly filter: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid' | number;
}

type Make = (shape: number[], seed: number) => tf.Tensor;

/** The output and both gradients. */
function products(
  { size, channels, multiplier, filter, strides, pad }: Depthwise,
  make: Make = noiseTensor,
): tf.Tensor[] {
  const x = make([2, ...size, channels], 1);
  const w = make([...filter, channels, multiplier], 2);
  const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
    tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, [...strides], pad);
  const y = convolve(x, w);
  return [y, ...tf.grads(convolve)([x, w], make(y.shape, 3))];
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
  { why: 'blocks of sixteen, four and one channels', channels: 16 + 4 + 1 },
  { why: 'many bands of lines', size: [70, 40], channels: 36 },
  { why: 'a stride that steps over the filter', filter: [1, 1], strides: [2, 2] },
])('a depthwise convolution and both gradients agree with cpu for $why', async ({ why: _, ...change }) => {
  await expectSameAsCpu(() => products({ ...base, ...change }));
});

test.each<Partial<Depthwise> & { why: string }>([
  { why: 'a plain layer', channels: 37 },
  { why: 'stride 2', strides: [2, 2], channels: 21 },
  { why: 'valid padding', pad: 'valid', channels: 16 },
])('NaN and infinities in images, filters and gradients stay what they are on cpu for $why', async change => {
  const few: Make = (shape, seed) =>
    divergedTensor(shape, seed, [Number.NaN, Infinity, -Infinity, 0, 0, 0, 0, 1, 1, 1]);
  await expectSameSpecialValues(() => products({ ...base, ...change }, few));
});

it('agrees with cpu for random depthwise convolutions', async () => {
  const geometries = fc.record({
    size: fc.tuple(fc.integer({ min: 5, max: 9 }), fc.integer({ min: 5, max: 9 })),
    channels: fc.integer({ min: 1, max: 40 }),
    multiplier: fc.constantFrom(1, 1, 1, 2, 3),
    filter: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    // TensorFlow.js' wasm forward pass takes any strides, its cpu gradient only equal ones.
    strides: fc.integer({ min: 1, max: 3 }).map((stride): readonly [number, number] => [stride, stride]),
    pad: fc.constantFrom('same' as const, 'valid' as const),
  });
  await fc.assert(
    fc.asyncProperty(geometries, depthwise => expectSameAsCpu(() => products(depthwise))),
    { numRuns: 60 },
  );
});

/** A filter with `dilation - 1` zeros between its taps, which is what a dilated filter is. */
function spread(filter: tf.Tensor, dilation: number): tf.Tensor {
  const [rows, columns, channels, multiplier] = filter.shape as [number, number, number, number];
  const apart = tf.pad(
    tf.reshape(filter, [rows, 1, columns, 1, channels * multiplier]),
    [0, dilation - 1, 0, dilation - 1, 0].map(after => [0, after] as [number, number]),
  );
  const whole = tf.reshape(apart, [rows * dilation, columns * dilation, channels, multiplier]);
  return tf.slice(whole, 0, [(rows - 1) * dilation + 1, (columns - 1) * dilation + 1, channels, multiplier]);
}

test.each<{ size: [number, number]; channels: number; multiplier?: number; dilation: number; pad: 'same' | 'valid' }>([
  { size: [7, 6], channels: 17, dilation: 2, pad: 'same' },
  { size: [4, 3], channels: 5, dilation: 3, pad: 'same' },
  { size: [9, 8], channels: 21, dilation: 3, pad: 'valid' },
  { size: [7, 6], channels: 3, multiplier: 2, dilation: 2, pad: 'same' },
])('a dilated filter is one with zeros between its taps: $size, dilation $dilation, $pad', async choices => {
  const { size, channels, multiplier = 1, dilation, pad } = choices;
  const x = (): tf.Tensor4D => noiseTensor([2, ...size, channels], 1) as tf.Tensor4D;
  const w = (): tf.Tensor4D => noiseTensor([3, 3, channels, multiplier], 2) as tf.Tensor4D;
  const wide = (filter: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x(), spread(filter, dilation) as tf.Tensor4D, 1, pad);
  const plain = (): tf.Tensor[] => {
    const y = wide(w());
    const dy = noiseTensor(y.shape, 3);
    const dx = tf.grad(a => tf.depthwiseConv2d(a as tf.Tensor4D, spread(w(), dilation) as tf.Tensor4D, 1, pad))(
      x(),
      dy,
    );
    return [y, dx, tf.grad(wide)(w(), dy)];
  };
  // TensorFlow.js refuses the gradient of a dilated depthwise convolution, so that the kernels are called as they are.
  const dilated = (): tf.Tensor[] => {
    const y = tf.depthwiseConv2d(x(), w(), 1, pad, 'NHWC', dilation);
    const dy = noiseTensor(y.shape, 3);
    const attributes = { strides: 1, pad, dilations: dilation, inputShape: x().shape, filterShape: w().shape };
    const run = (name: string, inputs: tf.NamedTensorMap): tf.Tensor =>
      tf.engine().runKernel(`DepthwiseConv2dNativeBackprop${name}`, inputs, attributes) as tf.Tensor;
    return [y, run('Input', { dy, filter: w() }), run('Filter', { x: x(), dy })];
  };
  const [expected, actual] = [await valuesOn('cpu', plain), await valuesOn('wasm', dilated)];
  for (const [i, { values }] of actual.entries()) {
    expect(largestError(values, expected[i]!.values, 1)).toBeLessThanOrEqual(1e-5);
  }
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
