import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

interface Convolution {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly filter: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
}

/** Forward pass and both gradients of one convolution. */
function convolutionAndGradients({ batch, size, channels, filter, strides, pad }: Convolution): tf.Tensor[] {
  const x = noiseTensor([batch, ...size, channels[0]], 1) as tf.Tensor4D;
  const w = noiseTensor([...filter, ...channels], 2) as tf.Tensor4D;
  const convolve = (a: tf.Tensor, b: tf.Tensor): tf.Tensor4D =>
    tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, [...strides], pad);
  const y = convolve(x, w);
  return [y, ...tf.grads(convolve)([x, w], noiseTensor(y.shape, 3))];
}

const base: Convolution = { batch: 2, size: [8, 8], channels: [4, 8], filter: [3, 3], strides: [1, 1], pad: 'same' };

test.each<Partial<Convolution> & { why: string }>([
  { why: 'a plain 3 x 3 layer' },
  { why: 'stride 2, same padding on an even size, where the padding is uneven', strides: [2, 2] },
  { why: 'stride 2, same padding on an odd size', strides: [2, 2], size: [9, 7] },
  { why: 'valid padding', pad: 'valid', size: [7, 9] },
  { why: 'valid padding with stride 2 that never reaches the last line', pad: 'valid', strides: [2, 2], size: [8, 8] },
  { why: 'strides that differ by axis', strides: [1, 2], size: [9, 8] },
  { why: 'strides that differ by axis, the other way', strides: [2, 1], size: [8, 9], pad: 'valid' },
  { why: 'stride 3, beyond the filter', strides: [3, 3], filter: [2, 2], size: [11, 10] },
  { why: 'a numeric padding', pad: 1, strides: [2, 2], size: [9, 9] },
  {
    why: 'an explicit padding, uneven',
    pad: [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ],
    size: [6, 5],
  },
  {
    why: 'a padding wider than the filter',
    pad: [
      [0, 0],
      [4, 3],
      [5, 4],
      [0, 0],
    ],
    size: [3, 3],
  },
  {
    why: 'explicit padding with stride 2',
    pad: [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
    strides: [2, 2],
    size: [7, 8],
  },
  { why: 'a 1 x 1 shortcut with stride 2, where most of dx is zero', filter: [1, 1], strides: [2, 2] },
  { why: 'one input channel and ten output channels', channels: [1, 10], size: [5, 5] },
  { why: 'three input channels and 16 output channels', channels: [3, 16] },
  { why: 'channels that fill no vector', channels: [5, 7], size: [6, 3] },
  { why: 'lines shorter than a tile', size: [3, 2], channels: [8, 8] },
  { why: 'an image smaller than the filter', size: [2, 2], filter: [5, 5], channels: [4, 4] },
  { why: 'a 5 x 3 filter', filter: [5, 3], size: [9, 10], channels: [3, 9] },
  {
    why: 'a stride that steps over the filter, where XNNPACK gives zeros',
    strides: [3, 3],
    filter: [2, 2],
    size: [3, 3],
  },
  { why: 'images so small that several are summed at a time', size: [3, 3], batch: 20, channels: [256, 8] },
  { why: '256 output channels', size: [3, 3], batch: 3, channels: [4, 256] },
  { why: 'many channels, several bands of lines', size: [12, 12], channels: [64, 32], batch: 1 },
])('the wasm convolution and its gradients agree with cpu for $why', async ({ why: _, ...change }) => {
  await expectSameAsCpu(() => convolutionAndGradients({ ...base, ...change }));
});

const pad = fc.nat(3);
const geometries = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })),
  channels: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 18 })),
  filter: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.oneof(
    fc.constant('same' as const),
    fc.constant('valid' as const),
    fc.tuple(pad, pad, pad, pad).map(([top, bottom, left, right]): Convolution['pad'] => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
  ),
});

/** Whether the convolution has any output at all. */
function hasOutput({ size, filter, pad }: Convolution): boolean {
  if (pad === 'same') return true;
  const margins = typeof pad === 'object' ? [pad[1][0] + pad[1][1], pad[2][0] + pad[2][1]] : [0, 0];
  return size.every((length, axis) => length + margins[axis]! >= filter[axis]!);
}

it('agrees with cpu for random convolutions', async () => {
  await fc.assert(
    fc.asyncProperty(geometries.filter(hasOutput), convolution =>
      expectSameAsCpu(() => convolutionAndGradients(convolution)),
    ),
    { numRuns: 60 },
  );
});

describe('dilation', () => {
  test.each([
    { dilations: 2, pad: 'same' as const },
    { dilations: [2, 3] as [number, number], pad: 'valid' as const },
    { dilations: [1, 2] as [number, number], pad: 2 },
  ])('the forward pass agrees with cpu for dilations $dilations and padding $pad', async ({ dilations, pad }) => {
    const run = (): tf.Tensor =>
      tf.conv2d(
        noiseTensor([2, 9, 8, 3], 1) as tf.Tensor4D,
        noiseTensor([3, 2, 3, 10], 2) as tf.Tensor4D,
        1,
        pad,
        'NHWC',
        dilations,
      );
    await expectSameAsCpu(run);
  });
});

describe('bias and activation', () => {
  test.each(['linear', 'relu', 'relu6', 'sigmoid'] as const)(
    'a fused convolution with %s agrees with cpu',
    async activation => {
      const run = (): tf.Tensor =>
        tf.fused.conv2d({
          x: noiseTensor([2, 5, 5, 3], 1) as tf.Tensor4D,
          filter: noiseTensor([3, 3, 3, 10], 2) as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: noiseTensor([10], 3),
          activation,
        });
      await expectSameAsCpu(run);
    },
  );

  it('gives the gradient of the bias', async () => {
    const run = (): tf.Tensor[] => {
      const f = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
        tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 2, pad: 'same', bias });
      return tf.grads(f)([noiseTensor([2, 6, 6, 3], 1), noiseTensor([3, 3, 3, 5], 2), noiseTensor([5], 3)]);
    };
    await expectSameAsCpu(run);
  });
});

it('gives the transposed convolution, which runs on the gradient kernel', async () => {
  const run = (): tf.Tensor =>
    tf.conv2dTranspose(
      noiseTensor([2, 4, 5, 6], 1) as tf.Tensor4D,
      noiseTensor([3, 3, 4, 6], 2) as tf.Tensor4D,
      [2, 8, 10, 4],
      2,
      'same',
    );
  await expectSameAsCpu(run);
});

it('leaves NaN where a NaN was read and nowhere else', async () => {
  const [y] = await valuesOn('wasm', () => {
    const x = tf.tensor4d([Number.NaN, ...new Array(15).fill(1)], [1, 4, 4, 1]);
    return tf.conv2d(x, tf.ones([1, 1, 1, 8]) as tf.Tensor4D, 1, 'same');
  });
  expect([...y!.values]).toEqual([...new Array(8).fill(Number.NaN), ...new Array(120).fill(1)]);
});
