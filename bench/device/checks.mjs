/** Checks of a tensor backend against `cpu`: gradients of every operation that our nets use, and training. */

import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

/** Repeatable numbers in [-1, 1), the same in every process (mulberry32). */
function noise(seed, size) {
  let state = seed;
  return Float32Array.from({ length: size }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

/** Name, input shapes, and a function of those inputs; its gradients are those of a sum weighted with noise. */
const functions = [
  [
    'conv2d 3x3 stride 1 same',
    [
      [4, 8, 8, 5],
      [3, 3, 5, 6],
    ],
    (x, w) => tf.conv2d(x, w, 1, 'same'),
  ],
  [
    'conv2d 3x3 stride 2 same',
    [
      [4, 9, 9, 5],
      [3, 3, 5, 6],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'same'),
  ],
  [
    'conv2d 3x3 stride 2 valid',
    [
      [2, 9, 8, 3],
      [3, 3, 3, 4],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'valid'),
  ],
  [
    'conv2d 1x1 stride 2',
    [
      [2, 8, 8, 4],
      [1, 1, 4, 8],
    ],
    (x, w) => tf.conv2d(x, w, 2, 'valid'),
  ],
  [
    'conv2d 5x5 explicit padding',
    [
      [2, 8, 8, 3],
      [5, 5, 3, 4],
    ],
    (x, w) =>
      tf.conv2d(x, w, 1, [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]),
  ],
  [
    'depthwise conv2d 3x3',
    [
      [2, 8, 8, 4],
      [3, 3, 4, 1],
    ],
    (x, w) => tf.depthwiseConv2d(x, w, 1, 'same'),
  ],
  [
    'matMul',
    [
      [16, 20],
      [20, 10],
    ],
    (x, w) => tf.matMul(x, w),
  ],
  ['max pool 2x2', [[2, 8, 8, 3]], x => tf.maxPool(x, 2, 2, 'valid')],
  ['average pool 2x2', [[2, 8, 8, 3]], x => tf.avgPool(x, 2, 2, 'valid')],
  ['global average', [[2, 8, 8, 3]], x => tf.mean(x, [1, 2])],
  ['relu', [[4, 50]], x => tf.relu(x)],
  ['where', [[4, 50]], x => tf.where(tf.tensor(noise(8, 200).map(Math.round), [4, 50], 'bool'), x, tf.zerosLike(x))],
  ['log softmax', [[8, 10]], x => tf.logSoftmax(x)],
  [
    'pad',
    [[2, 4, 4, 3]],
    x =>
      tf.pad(x, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 2],
      ]),
  ],
  [
    'batch normalization',
    [[8, 6, 6, 5], [5], [5]],
    (x, offset, scale) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, offset, scale, 1e-3);
    },
  ],
];

/** Values and gradients of one function on the current backend, on the host. */
async function evaluate([, shapes, compute]) {
  const inputs = shapes.map((shape, i) =>
    tf.tensor(
      noise(
        i + 1,
        shape.reduce((a, b) => a * b, 1),
      ),
      shape,
    ),
  );
  const value = tf.tidy(() => compute(...inputs));
  const weights = tf.tensor(noise(99, value.size), value.shape);
  const gradients = tf.tidy(() => tf.grads((...xs) => tf.sum(tf.mul(compute(...xs), weights)))(inputs));
  const results = await Promise.all([value, ...gradients].map(tensor => tensor.data()));
  tf.dispose([...inputs, value, weights, ...gradients]);
  return results;
}

/** Largest difference over the largest magnitude of the expected values. */
function relativeError(actual, expected) {
  let [difference, magnitude] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(actual[i] - expected[i]);
    if (!(d <= difference)) difference = d; // NaN stays
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return magnitude === 0 ? difference : difference / magnitude;
}

/** What a backend says it cannot do; nothing in our models needs it. */
const unsupported = { tensorflow: ['conv2d 5x5 explicit padding'] };

/** Largest relative error of value and gradients for every function, of `backend` against `cpu`. */
export async function compareGradients(backend) {
  const errors = {};
  for (const each of functions) {
    if (unsupported[backend]?.includes(each[0])) continue;
    await tf.setBackend(backend);
    const actual = await evaluate(each);
    await tf.setBackend('cpu');
    const expected = await evaluate(each);
    errors[each[0]] = Math.max(...actual.map((values, i) => relativeError(values, expected[i])));
  }
  await tf.setBackend(backend);
  return errors;
}

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

/** Says what is wrong, or nothing. */
export function problems({ errors, losses, leaked }, tolerance) {
  const found = Object.entries(errors)
    .filter(([, error]) => !(error <= tolerance))
    .map(([name, error]) => `${name}: gradients off by ${error}`);
  if (!losses.every(Number.isFinite) || !(losses.at(-1) < losses[0] * 0.9))
    found.push(`does not train: losses ${losses.join(', ')}`);
  if (leaked !== 0) found.push(`${leaked} tensors leaked`);
  return found;
}
