import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import { type Checkpoint, checkpointSparsity, fixed, normalizationOf } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { needsNoData, pruneAlone } from './prune-alone.js';

let directory = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'espalier-alone-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const requested = { from: 'elsewhere.safetensors', method: 'one-shot', steps: 0, sparsity: 0.75 } as const;

/** A network from elsewhere: no recipe, and images of a side that no dataset here has. */
const network = (side: number, classes: number): Promise<Checkpoint> =>
  checkpointOf(
    sequential({
      layers: [layers.flatten({ inputShape: [side, side, 1] }), layers.dense({ name: 'head', units: classes })],
    }),
  );

async function checkpointOf(model: LayersModel): Promise<Checkpoint> {
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  const checkpoint = await session.checkpoint({ model, slots: false });
  session.dispose();
  model.dispose();
  return checkpoint;
}

it('needs no data only where none is named, none fits and nothing is trained', async () => {
  const odd = await network(4, 3);
  expect(await needsNoData(requested, {}, odd)).toBe(true);
  expect(await needsNoData({ ...requested, steps: 1 }, {}, odd)).toBe(false);
  expect(await needsNoData({ ...requested, dataset: 'mnist' }, {}, odd)).toBe(false);
  expect(await needsNoData(requested, {}, { ...odd, metadata: { recipe: { dataset: 'cifar10' } } })).toBe(false);
  expect(await needsNoData(requested, {}, await network(28, 10))).toBe(false);
});

it('prunes to the sparsity, writes the network, and neither judges it nor makes up its normalization', async () => {
  const backend = { name: 'cpu' } as BackendDescription;
  const origin = await network(4, 3); // 4 * 4 * 3 = 48 weights, of which a quarter stays
  const before = tf.memory().numTensors;
  const result = await pruneAlone({ requested, origin, option: undefined, backend, directory });
  expect(result).toMatchObject({ sparsity: 0.75, evaluation: null, normalization: null, recipe: { dataset: null } });
  const written = await readCheckpoint(join(directory, 'model.safetensors'));
  expect(checkpointSparsity(written).prunable).toBe(0.75);
  expect(normalizationOf(written.metadata)).toBeUndefined();
  expect(JSON.parse(await readFile(join(directory, 'result.json'), 'utf8'))).toMatchObject({ sparsity: 0.75 });
  expect(tf.memory().numTensors).toBe(before);
});

it.each([
  [{ loss: 'mean-squared-error' }, '--loss'],
  [{ metric: ['top5'] }, '--metric'],
  [{ classWeights: 'balanced' }, '--class-weights'],
  [{ labelSmoothing: 0.1 }, '--label-smoothing'],
] as const)('refuses %j, since no example is looked at', async (judged, flag) => {
  const backend = { name: 'cpu' } as BackendDescription;
  const origin = await network(4, 3);
  const pruned = pruneAlone({ requested: { ...requested, ...judged }, origin, option: undefined, backend, directory });
  await expect(pruned).rejects.toThrow(`${flag} is for examples`);
});

it('tells of emptied layers once', async () => {
  const backend = { name: 'cpu' } as BackendDescription;
  const large = initializers.constant({ value: 1 });
  const small = initializers.constant({ value: 1e-3 });
  const origin = await checkpointOf(
    sequential({
      layers: [
        layers.flatten({ inputShape: [4, 4, 1] }),
        layers.dense({ name: 'weak', units: 4, kernelInitializer: small }),
        layers.dense({ name: 'head', units: 32, kernelInitializer: large }),
      ],
    }),
  );
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  // 64 small and 128 large weights: half of all are more than the small ones
  await pruneAlone({ requested: { ...requested, sparsity: 0.5 }, origin, option: undefined, backend, directory });
  expect(warn.mock.calls.map(([line]) => String(line)).filter(line => line.includes('weak/kernel'))).toHaveLength(1);
  warn.mockRestore();
});

it('keeps what --normalization says', async () => {
  const origin = await network(4, 3);
  const backend = { name: 'cpu' } as BackendDescription;
  await pruneAlone({ requested, origin, option: 'minus-one-to-one', backend, directory });
  const { metadata } = await readCheckpoint(join(directory, 'model.safetensors'));
  expect(normalizationOf(metadata)).toMatchObject({ name: 'minus-one-to-one', mean: [0.5], std: [0.5] });
});

it('makes the network for the size that is asked for, and refuses other options of images', async () => {
  const backend = { name: 'cpu' } as BackendDescription;
  const pooled = sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: 'conv' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 2, name: 'head' }),
    ],
  });
  const origin = await checkpointOf(pooled);
  const alone = { requested, origin, option: undefined, backend, directory };
  const before = tf.memory().numTensors;
  await pruneAlone({ ...alone, request: { size: [6, 10] } });
  const model = await toModel(await readCheckpoint(join(directory, 'model.safetensors')));
  expect(model.inputs[0]?.shape).toEqual([null, 6, 10, 3]);
  model.dispose();
  for (const request of [{ augment: 'none' }, { skipDamaged: true }, { testFraction: 0.5 }] as const) {
    await expect(pruneAlone({ ...alone, request })).rejects.toMatchObject({ code: 'USAGE' });
  }
  expect(tf.memory().numTensors).toBe(before);
});
