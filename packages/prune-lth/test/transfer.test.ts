import { countOnes } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { convolutionsButFirst, lthTransfer } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two convolutions of 36 and 144 weights with normalization, and a classifier. */
function network(): LayersModel {
  const kernelInitializer = initializers.heNormal({ seed: 5 });
  return sequential({
    layers: [
      layers.conv2d({ name: 'conv1', inputShape: [6, 6, 1], filters: 4, kernelSize: 3, kernelInitializer }),
      layers.batchNormalization({ name: 'norm1' }),
      layers.reLU({ name: 'relu' }),
      layers.conv2d({ name: 'conv2', filters: 4, kernelSize: 3, kernelInitializer }),
      layers.batchNormalization({ name: 'norm2' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'head', units: 3, kernelInitializer: initializers.heNormal({ seed: 8 }) }),
    ],
  });
}

it('lth L1, lth L4, lth L5: the ticket is mask · pre-trained weights with the pre-trained statistics', async () => {
  const before = tf.memory().numTensors;
  const model = network();
  const images = tf.randomNormal([12, 6, 6, 1], 0, 1, 'float32', 11);
  const labels = tf.tidy(() => tf.tile(tf.eye(3), [4, 1]));
  const weights = modelWeights(model);
  const read = async (): Promise<Map<string, Float32Array>> =>
    new Map(
      await Promise.all(weights.map(async w => [w.name, (await w.variable.data()).slice() as Float32Array] as const)),
    );
  const loss = (): tf.Scalar =>
    tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }) as tf.Tensor) as tf.Scalar;

  const preTrained = await read();
  const optimizer = tf.train.momentum(0.1, 0.9);
  const session = await PruningSession.start(lthTransfer({ rounds: 3, roundLength: 4 }), { weights, optimizer });
  const kept = (): number[] => [...session.masks.values()].map(countOnes);
  const counts = [kept()];
  await session.step(loss);
  const moved = await read();
  for (const name of ['conv1/kernel', 'conv2/kernel', 'norm1/gamma', 'norm2/moving_mean', 'head/kernel']) {
    expect(moved.get(name), name).not.toEqual(preTrained.get(name));
  }
  while (session.phase !== 'ticket') {
    const { round } = session.clock;
    await session.step(loss);
    if (session.clock.round > round) counts.push(kept());
  }
  // conv2 alone is pruned: 144 − round(28.8) = 115, 115 − 23 = 92, 92 − round(18.4) = 74.
  expect(counts).toEqual([
    [36, 115, 48],
    [36, 92, 48],
    [36, 74, 48],
  ]);
  expect(session.clock).toEqual({ step: 8, position: 4, round: 2 });
  const ticket = await read();
  for (const { name } of weights) {
    const mask = session.masks.get(name);
    expect(ticket.get(name), name).toEqual(preTrained.get(name)?.map((w, i) => (mask?.[i] === 0 ? 0 : w)));
  }
  const slots = await optimizer.getWeights();
  for (const { tensor } of slots.slice(1)) expect((await tensor.data()).every(value => value === 0)).toBe(true);
  slots[0]?.tensor.dispose();

  // Both sparsities can be had: 70 of 144 of what the rule prunes, 70 of 228 of all that the session calls prunable.
  const shapes = weights.filter(w => w.prunable).map(({ name, variable: { shape, size } }) => ({ name, shape, size }));
  const pruned = convolutionsButFirst(shapes);
  expect(pruned.map(({ name }) => name)).toEqual(['conv2/kernel']);
  expect(countOnes(session.masks.get('conv2/kernel') ?? new Uint8Array())).toBe(144 - 70);
  expect(session.sparsity).toBe(70 / 228);

  // A loop that runs on moves nothing that is trained.
  for (let i = 0; i < 5; i++) await session.step(loss);
  const later = await read();
  for (const { name, trainable } of weights) if (trainable) expect(later.get(name), name).toEqual(ticket.get(name));
  expect(session.clock).toEqual({ step: 13, position: 9, round: 2 });

  session.dispose();
  disposeOptimizer(optimizer);

  // A single pruning trains nothing: the one step of such a run leaves no trace in weights or statistics.
  for (const { name, variable } of weights) {
    const values = preTrained.get(name) as Float32Array;
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  const sgd = tf.train.sgd(0.1);
  const single = await PruningSession.start(lthTransfer({ sparsity: 0.5, rounds: 1, roundLength: 4 }), {
    weights,
    optimizer: sgd,
  });
  await single.step(loss);
  expect(single.clock).toEqual({ step: 1, position: 1, round: 1 });
  const cut = await read();
  for (const { name } of weights) {
    const mask = single.masks.get(name);
    expect(cut.get(name), name).toEqual(preTrained.get(name)?.map((w, i) => (mask?.[i] === 0 ? 0 : w)));
  }
  expect(countOnes(single.masks.get('conv2/kernel') ?? new Uint8Array())).toBe(72);
  single.dispose();
  disposeOptimizer(sgd);
  tf.dispose([images, labels]);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
