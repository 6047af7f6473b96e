/** Training on a tensor backend: against `cpu`, and how long it takes. */

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { noise, relativeError } from './numbers.mjs';

/** A conv net with batch normalization and pooling, trained on one batch: losses, leaked tensors, final weights. */
export async function trainSmallNet(steps = 8) {
  const initializer = seed => layers.initializers.glorotUniform({ seed });
  const model = layers.sequential({
    layers: [
      layers.layers.conv2d({
        inputShape: [12, 12, 3],
        filters: 8,
        kernelSize: 3,
        padding: 'same',
        useBias: false, // batch normalization takes its gradient away and leaves rounding noise
        kernelInitializer: initializer(1),
      }),
      layers.layers.batchNormalization(),
      layers.layers.activation({ activation: 'relu' }),
      layers.layers.maxPooling2d({ poolSize: 2 }),
      layers.layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, kernelInitializer: initializer(2) }),
      layers.layers.flatten(),
      layers.layers.dense({ units: 4, activation: 'softmax', kernelInitializer: initializer(3) }),
    ],
  });
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
  const images = tf.tensor(noise(5, 32 * 12 * 12 * 3), [32, 12, 12, 3]);
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 32 }, (_, i) => i % 4),
      'int32',
    ),
    4,
  );
  const losses = [];
  let tensors = 0;
  for (let step = 0; step < steps; step++) {
    const { history } = await model.fit(images, labels, { batchSize: 32, epochs: 1, shuffle: false, verbose: 0 });
    losses.push(history.loss[0]);
    if (step === 1) tensors = tf.memory().numTensors;
  }
  const leaked = tf.memory().numTensors - tensors;
  const weights = await Promise.all(model.getWeights().map(weight => weight.data()));
  tf.dispose([images, labels]);
  model.dispose();
  return { losses, leaked, weights };
}

/** Largest relative error of any weight or moving average after two steps on `backend`, against the same on `cpu`. */
export async function compareTraining(backend) {
  await tf.setBackend('cpu');
  const expected = await trainSmallNet(2);
  await tf.setBackend(backend);
  const actual = await trainSmallNet(2);
  return Math.max(...actual.weights.map((values, i) => relativeError(values, expected.weights[i])));
}

/** Median milliseconds of one training step of a model on random images, read back once per step as training does. */
export async function timeStep(model, batch, steps) {
  const [, height, width, channels] = model.inputs[0].shape;
  const classes = model.outputs[0].shape.at(-1);
  const images = tf.tensor(noise(7, batch * height * width * channels), [batch, height, width, channels]);
  const labels = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => i % classes),
      'int32',
    ),
    classes,
  );
  const optimizer = tf.train.momentum(0.01, 0.9);
  const times = [];
  let loss = Number.NaN;
  for (let step = 0; step < steps + 2; step++) {
    const start = performance.now();
    const cost = optimizer.minimize(
      () => tf.tidy(() => tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }))),
      true,
    );
    loss = (await cost.data())[0];
    cost.dispose();
    if (step >= 2) times.push(performance.now() - start);
  }
  tf.dispose([images, labels]);
  optimizer.dispose();
  times.sort((a, b) => a - b);
  return { medianMs: times[times.length >> 1], fastestMs: times[0], slowestMs: times.at(-1), loss };
}
