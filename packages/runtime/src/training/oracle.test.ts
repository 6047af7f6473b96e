import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { expectClose } from '../../test/kernels/close.js';
import { noise } from '../../test/kernels/host-image.js';
import { trainingProducts } from './training-products.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each([
  { size: 3, strides: 1, padding: 'same' },
  { size: 3, strides: 2, padding: 'same' },
  { size: 3, strides: 2, padding: 'valid' },
  { size: 1, strides: 1, padding: 'valid' },
  { size: 1, strides: 2, padding: 'same' },
] as const)('gradients are those of TensorFlow.js for %o', async ({ size, strides, padding }) => {
  const kernelShape = [size, size, 6, 8] as const;
  const entries = size * size * 48;
  const mask = Uint8Array.from(noise(entries, 1), value => (value > 0.4 ? 1 : 0));
  const kernel = noise(entries, 2).map((value, i) => (mask[i] ? value : 0));
  const [x, bias] = [noise(2 * 9 * 8 * 6, 3), noise(8, 4)];
  const products = await trainingProducts({
    kernelShape,
    mask,
    inputShape: [9, 8, 6],
    batch: 2,
    strides: [strides, strides],
    padding,
  });
  const dy = noise(
    products.outputShape.reduce((product, length) => product * length, 1),
    5,
  );

  const tensors = tf.memory().numTensors;
  const [y, dx, dw, db] = tf.tidy(() => {
    const [b, gradient] = [tf.tensor1d(bias), tf.tensor4d(dy, [...products.outputShape])];
    const layer = (image: tf.Tensor, weights: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
      tf.add(tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, strides, padding), offset);
    const [image, weights] = [tf.tensor4d(x, [2, 9, 8, 6]), tf.tensor4d(kernel, [...kernelShape])];
    const gradients = tf.grads(layer)([image, weights, b], gradient);
    return [layer(image, weights, b), ...gradients].map(tensor => tensor.dataSync().slice() as Float32Array);
  });
  expect(tf.memory().numTensors).toBe(tensors);

  await products.setWeights(kernel);
  await products.setBias(bias);
  expectClose(await products.forward(x), y!);
  expectClose(await products.inputGradient(dy), dx!);
  expectClose(
    products.toKernel(await products.filterGradient(x, dy)),
    dw!.map((value, i) => (mask[i] ? value : 0)),
  );
  expectClose(await products.biasGradient(dy), db!);
  await products.dispose();
});
