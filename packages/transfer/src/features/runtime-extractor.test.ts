import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import { type Batch, batchAt, syntheticImages } from '@espalier/datasets';
import { resnet20, smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digitTask, prunedUpstream } from '../../test/digit-tasks.js';
import { linearProbe } from '../linear/linear-probe.js';
import type { FeatureCache, Features } from './features.js';
import { type RuntimeExtractor, type RuntimeExtractorOptions, runtimeExtractor } from './runtime-extractor.js';
import { tfjsExtractor } from './tfjs-extractor.js';

await prunedUpstream(); // makes tensors that stay, such as the backend's own
guardTensors({ beforeEach, afterEach });

async function checkpointOf(model: LayersModel): Promise<Checkpoint> {
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const checkpoint = await session.checkpoint({ model });
  session.dispose();
  optimizer.dispose();
  return checkpoint;
}

/** With every other prunable entry 0, and moving statistics that are not those it was made with. */
async function sparseCheckpoint(model: LayersModel): Promise<Checkpoint> {
  const shape = model.inputs[0]!.shape.slice(1) as [number, number, number];
  tf.tidy(() => void model.apply(tf.randomUniform([8, ...shape], 0, 1, 'float32', 5), { training: true }));
  for (const { variable, prunable } of modelWeights(model)) {
    if (prunable) tf.tidy(() => void variable.assign(tf.where(tf.less(variable, 0), tf.zerosLike(variable), variable)));
  }
  return checkpointOf(model);
}

async function withExtractor<Result>(
  checkpoint: Checkpoint,
  use: (extractor: RuntimeExtractor) => Promise<Result> | Result,
  options: RuntimeExtractorOptions = { threads: 1 },
): Promise<Result> {
  const extractor = await runtimeExtractor(checkpoint, options);
  try {
    return await use(extractor);
  } finally {
    await extractor.dispose();
  }
}

const batchOf = (shape: readonly [number, number, number]): Batch =>
  batchAt(syntheticImages({ size: 8, shape, classes: 2 }), { position: 0, batchSize: 5 });

it.each([
  ['a residual network', () => resnet20({ inputShape: [16, 16, 3], width: 4, seed: 1 }), 16],
  ['a network with hidden units', () => smallConvNet({ seed: 3 }), 64],
  [
    'a network whose classifier is a convolution of an image',
    () =>
      sequential({
        layers: [
          layers.conv2d({ name: 'conv', filters: 3, kernelSize: 3, inputShape: [8, 8, 1], activation: 'relu' }),
          layers.conv2d({ name: 'fc', filters: 10, kernelSize: 1 }),
          layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }),
        ],
      }),
    3,
  ],
] as const)('gives the features of tfjsExtractor to 1e-4 for %s', async (_, make, dimension) => {
  const model = afterwards(make());
  const checkpoint = await sparseCheckpoint(model);
  const expected = tfjsExtractor(model);
  const batch = batchOf(expected.inputShape as [number, number, number]);
  const values = await expected.extract(batch);
  await withExtractor(checkpoint, async extractor => {
    expect(extractor).toMatchObject({ inputShape: expected.inputShape, dimension });
    expect(extractor.plan.summary.flopDensity).toBeLessThan(0.8);
    const features = await extractor.extract(batch);
    expect(features).toHaveLength(5 * dimension);
    const largest = Math.max(...values);
    expect(largest).toBeGreaterThan(0.01);
    expect(Math.max(...features.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-4 * largest);
  });
});

it('has another identity for other weights and instructions, and the same for other classifiers and threads', async () => {
  const identityOf = async (
    { seed, classes }: { seed: number; classes: number },
    options?: RuntimeExtractorOptions,
  ): Promise<string> => {
    const checkpoint = await checkpointOf(afterwards(smallConvNet({ seed, classes })));
    return withExtractor(checkpoint, extractor => extractor.identity(), options);
  };
  const identity = await identityOf({ seed: 1, classes: 10 }, { threads: 1, instructions: 'simd' });
  expect(identity).toMatch(/^[\da-f]{64}$/);
  expect(await identityOf({ seed: 1, classes: 3 }, { threads: 2, instructions: 'simd' })).toBe(identity);
  expect(await identityOf({ seed: 2, classes: 10 }, { threads: 1, instructions: 'simd' })).not.toBe(identity);
  const checkpoint = await checkpointOf(afterwards(smallConvNet({ seed: 1 })));
  const tfjs = await tfjsExtractor(afterwards(await toModel(checkpoint))).identity();
  expect(tfjs).not.toBe(identity);
});

it('serves a linear probe that gets what it gets from TensorFlow.js, and keeps features under other keys for another normalization', async () => {
  const checkpoint = decodeCheckpoint(encodeCheckpoint(await prunedUpstream()));
  const task = await digitTask([5, 6, 7, 8, 9], 200, 100);
  const kept = new Map<string, Features>();
  const cache: FeatureCache = {
    read: async key => kept.get(key),
    write: async (key, features) => void kept.set(key, features),
  };
  const options = { epochs: 3, seeds: [21] };
  const viaTfjs = await linearProbe(checkpoint, task, options);
  await withExtractor(checkpoint, async extractor => {
    const result = await linearProbe(extractor, task, { ...options, cache });
    expect(result.final.top1.mean).toBeCloseTo(viaTfjs.final.top1.mean, 1);
    expect(result.runs[0]!.final.loss).toBeCloseTo(viaTfjs.runs[0]!.final.loss, 3);
    expect(kept.size).toBe(2);
    const events: unknown[] = [];
    await linearProbe(extractor, task, { ...options, cache, onEvent: ({ type }) => events.push(type) });
    expect(events).not.toContain('features');
    await linearProbe(extractor, task, { ...options, cache, normalize: { mean: [0.5], std: [0.5] } });
    expect(kept.size).toBe(4);
  });
});

it('refuses networks without images or topology, and gives nothing after it was disposed of', async () => {
  const rows = await checkpointOf(afterwards(sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] })));
  await expect(runtimeExtractor(rows)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  await expect(runtimeExtractor({ ...rows, model: null })).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
  const extractor = await withExtractor(await prunedUpstream(), one => one);
  await expect(extractor.extract(batchOf([28, 28, 1]))).rejects.toMatchObject({ code: 'PLAN_DISPOSED' });
});
