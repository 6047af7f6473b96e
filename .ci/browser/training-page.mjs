/**
 * What runs in the page that tests `@espalier/backend` and `@espalier/core`: pruning a small network while it trains.
 */
import { useBackend } from '@espalier/backend';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { noise } from './noise.mjs';

const STEPS = 12;

function network() {
  const kernelInitializer = seed => ({ kernelInitializer: initializers.glorotUniform({ seed }) });
  const conv = { inputShape: [12, 12, 3], filters: 8, kernelSize: 3, activation: 'relu', ...kernelInitializer(1) };
  const head = { units: 4, ...kernelInitializer(2) };
  return sequential({ layers: [layers.conv2d(conv), layers.flatten(), layers.dense(head)] });
}

/** Prunes to 75 % in a few steps: losses, the sparsity at the end, tensors that were leaked, and the weights. */
async function prune() {
  const before = tf.memory().numTensors;
  const model = network();
  const images = tf.tensor(noise(5, 32 * 12 * 12 * 3), [32, 12, 12, 3]);
  const classes = Int32Array.from({ length: 32 }, (_, i) => i % 4);
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d(classes, 'int32'), 4));
  const optimizer = tf.train.sgd(0.1);
  const method = magnitude({ sparsity: 0.75, cadence: { start: 2, end: 6, every: 2 } });
  const session = await PruningSession.start(method, { weights: modelWeights(model), optimizer });
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }));
  const value = () => tf.tidy(() => loss().dataSync()[0]);
  const losses = [value()];
  for (let step = 0; step < STEPS; step++) await session.step(loss);
  losses.push(value());
  const weights = await Promise.all(model.getWeights().map(async weight => Array.from(await weight.data())));
  const { sparsity } = session;
  session.dispose();
  optimizer.dispose();
  model.dispose();
  tf.dispose([images, labels]);
  return { losses, sparsity, leaked: tf.memory().numTensors - before, weights: weights.flat() };
}

globalThis.training = async () => {
  await useBackend('cpu');
  const expected = await prune();
  const { name, trainingKernels } = await useBackend('wasm', { wasmPath: '/wasm/' });
  const { weights, ...facts } = await prune();
  const largest = expected.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const error = weights.reduce((most, weight, at) => Math.max(most, Math.abs(weight - expected.weights[at])), 0);
  return { name, kernels: trainingKernels.length, registered: tf.getBackend(), ...facts, error: error / largest };
};
globalThis.ready = true;
