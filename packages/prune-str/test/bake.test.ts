import { decodeCheckpoint, encodeCheckpoint } from '@espalier/core';
import { supportedOptimizers, toyModel } from '@espalier/core/testing';
import { disposeOptimizer, modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { type SoftThresholdOptions, softThreshold } from '../src/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function network(): LayersModel {
  const kernelInitializer = initializers.heNormal({ seed: 3 });
  return sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 8, inputShape: [6], kernelInitializer }),
      layers.batchNormalization({ name: 'norm' }),
      layers.dense({ name: 'head', units: 2, kernelInitializer }),
    ],
  });
}

async function outputsOf(model: LayersModel, images: tf.Tensor): Promise<number[]> {
  const outputs = model.predict(images) as tf.Tensor;
  const values = [...(await outputs.data())];
  outputs.dispose();
  return values;
}

interface Run {
  /** After the last update, before its decision: the model that computes with thresholds. */
  readonly soft: readonly number[];
  /** After the decision. */
  readonly baked: readonly number[];
  /** Of a new model from the bytes of a checkpoint. */
  readonly exported: readonly number[];
  /** Names of the weights that thresholds act on. */
  readonly names: readonly string[];
  /** Of a model with the raw weights under the baked masks. */
  readonly maskedRaw: readonly number[];
  readonly sparsity: number;
  readonly nonzero: number;
}

async function run(options: SoftThresholdOptions): Promise<Run> {
  const before = tf.memory().numTensors;
  const images = tf.randomNormal([8, 6], 0, 1, 'float32', 1);
  const model = network();
  const optimizer = tf.train.momentum(0.05, 0.9);
  const weights = modelWeights(model);
  const session = await PruningSession.start(softThreshold(options), { weights, optimizer, weightDecay: 1e-3 });
  const loss = (): tf.Scalar => tf.mean(tf.square(model.apply(images, { training: true }) as tf.Tensor));
  while (session.clock.position < options.end) await session.step(loss);
  const raw = (await session.checkpoint()).reparameterization?.raw;
  session.optimizer.minimize(loss);
  const soft = await outputsOf(model, images);
  await session.settle();
  const baked = await outputsOf(model, images);
  const reloaded = await toModel(decodeCheckpoint(encodeCheckpoint(await session.checkpoint({ model }))));
  const exported = await outputsOf(reloaded, images);
  const kernels = weights.filter(({ prunable }) => prunable);
  const values = await Promise.all(kernels.map(({ variable }) => variable.data()));
  for (const { name, variable } of kernels) {
    const mask = session.masks.get(name);
    const masked = raw?.get(name)?.values.map((value, i) => (mask?.[i] ? value : 0)) ?? [];
    const tensor = tf.tensor(masked, variable.shape);
    variable.assign(tensor);
    tensor.dispose();
  }
  const maskedRaw = await outputsOf(model, images);
  const { sparsity } = session;
  session.dispose();
  disposeOptimizer(optimizer);
  tf.dispose(images);
  model.dispose();
  reloaded.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const nonzero = values.reduce((sum, entries) => sum + entries.filter(value => value !== 0).length, 0);
  return { soft, baked, exported, names: [...(raw?.keys() ?? [])], maskedRaw, sparsity, nonzero };
}

describe('baking', () => {
  it('str S4: leaves the outputs bit for bit, also of the exported model, and is not masking the raw weights', async () => {
    const { soft, baked, exported, maskedRaw, sparsity, nonzero } = await run({
      end: 9,
      initialThreshold: -2,
      thresholdDecay: 0.1,
    });
    expect(baked).toEqual(soft);
    expect(exported).toEqual(soft);
    expect(sparsity).toBe((64 - nonzero) / 64); // 6·8 + 8·2 entries
    expect(sparsity).toBeGreaterThan(0.05);
    expect(sparsity).toBeLessThan(0.9);
    // Shrinking by about 0.12 changes outputs by much more than the last step, which is all that separates the two
    // else.
    const difference = Math.max(...maskedRaw.map((value, i) => Math.abs(value - (soft[i] ?? 0))));
    expect(difference).toBeGreaterThan(0.05);
  });

  it('str S6: concerns kernels alone, not biases and batch normalization', async () => {
    const { names } = await run({ end: 2 });
    expect(names).toEqual(['hidden/kernel', 'head/kernel']);
  });

  it('str S4, str S9: exports what the controller baked, with exactly its count of entries', async () => {
    const { baked, exported, nonzero } = await run({ end: 9, sparsity: 0.75, cadence: { start: 0, every: 2 } });
    expect(exported).toEqual(baked);
    expect(nonzero).toBe(16);
  });

  it.each(Object.entries(supportedOptimizers))(
    'leaves %s ready for another run, with slots of the weights alone',
    async (_, create) => {
      const before = tf.memory().numTensors;
      const model = toyModel();
      const optimizer = create();
      const slots: string[][] = [];
      for (let run = 0; run < 2; run++) {
        const method = softThreshold({ end: 3, initialThreshold: -3, thresholdDecay: 0.5 });
        const session = await PruningSession.start(method, { weights: model.weights, optimizer });
        while (session.clock.position < 6) await session.step(model.loss);
        slots.push((await session.checkpoint()).slots.map(({ weight, slot }) => `${slot} of ${weight}`));
        session.dispose();
      }
      const [count, ...state] = await optimizer.getWeights();
      count?.tensor.dispose();
      expect(slots[1]).toEqual(slots[0]);
      expect(state).toHaveLength(slots[0]?.length ?? Number.NaN);
      disposeOptimizer(optimizer);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
