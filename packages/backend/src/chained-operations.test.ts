import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { useBackend } from './index.js';

it.each([
  ['LSTM', () => layers.lstm({ units: 4, inputShape: [5, 3] })],
  ['GRU', () => layers.gru({ units: 4, inputShape: [5, 3] })],
  ['SimpleRNN', () => layers.simpleRNN({ units: 2, inputShape: [5, 3] })],
  ['Bidirectional', () => layers.bidirectional({ layer: layers.gru({ units: 3 }) as never, inputShape: [5, 3] })],
  ['ConvLSTM2D', () => layers.convLstm2d({ filters: 2, kernelSize: 2, inputShape: [3, 4, 4, 1] })],
])('a network with %s can be made with nothing but this package, tfjs-core and tfjs-layers', async (_, make) => {
  await useBackend('cpu');
  const before = tf.memory().numTensors;
  const model = sequential({ layers: [make()] });
  const [recurrent] = model.weights.filter(({ originalName }) => originalName.endsWith('recurrent_kernel'));
  if (!recurrent) throw new Error('there is no recurrent kernel');
  expect((await recurrent.read().data()).every(Number.isFinite)).toBe(true);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
