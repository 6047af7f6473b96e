import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, it, test } from 'vitest';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';
import { describeBackend } from '../describe-backend.js';

beforeAll(async () => {
  // Node 20 has relaxed SIMD behind a flag, later ones without.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  await startBackends();
});

type Four = tf.Tensor4D;

const products: Readonly<Record<string, (x: Four, w: Four, stride: number) => tf.Tensor>> = {
  convolution: (x, w, stride) => tf.conv2d(x, w, stride, 'same'),
  'depthwise convolution': (x, w, stride) =>
    tf.depthwiseConv2d(x, tf.slice(w, 0, [-1, -1, -1, 1]) as Four, stride, 'same'),
  product: (x, w) =>
    tf.matMul(tf.reshape(x, [-1, x.shape[3]]), tf.slice(tf.reshape(w, [-1, w.shape[3]]), 0, [x.shape[3], -1])),
};

test.each(Object.keys(products))('the kernels with fused multiply-add agree with cpu: %s', async name => {
  const choices = fc.record({
    channels: fc.integer({ min: 1, max: 40 }),
    outChannels: fc.integer({ min: 1, max: 20 }),
    taps: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(choices, ({ channels, outChannels, taps, stride }) =>
      expectSameAsCpu(() => {
        const inputs = [noiseTensor([2, 7, 6, channels], 1), noiseTensor([taps, taps, channels, outChannels], 2)];
        const product = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => products[name]!(x as Four, w as Four, stride);
        const y = product(inputs[0]!, inputs[1]!);
        return [y, ...tf.grads(product)(inputs, noiseTensor(y.shape, 3))];
      }),
    ),
    { numRuns: 30 },
  );
});

it('rounds a product and a sum once', async () => {
  // (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24 exactly; rounded in between, the square is 1 + 2^-11, and the sum 0.
  const [y] = await valuesOn('wasm', () => {
    const x = 1 + 2 ** -12;
    const rows = tf.tile(tf.tensor2d([[1, x]]), [32, 1]);
    return tf.matMul(rows, tf.tensor2d([[-1 - 2 ** -11], [x]]));
  });
  expect(new Set(y!.values)).toEqual(new Set([2 ** -24]));
  await tf.setBackend('wasm');
  expect(await describeBackend()).toMatchObject({ relaxedSimd: true });
});
