import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import { type Checkpoint, checkpointSparsity, fixed, normalizationOf } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needsNoData, pruneAlone } from './prune-alone.js';

let directory = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  directory = await mkdtemp(join(tmpdir(), 'espalier-alone-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const requested = { from: 'elsewhere.safetensors', method: 'one-shot', steps: 0, sparsity: 0.75 } as const;

/** A network from elsewhere: no recipe, and images of a side that no dataset here has. */
async function network(side: number, classes: number): Promise<Checkpoint> {
  const model = sequential({
    layers: [layers.flatten({ inputShape: [side, side, 1] }), layers.dense({ name: 'head', units: classes })],
  });
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

it('keeps what --normalization says', async () => {
  const origin = await network(4, 3);
  const backend = { name: 'cpu' } as BackendDescription;
  await pruneAlone({ requested, origin, option: 'minus-one-to-one', backend, directory });
  const { metadata } = await readCheckpoint(join(directory, 'model.safetensors'));
  expect(normalizationOf(metadata)).toMatchObject({ name: 'minus-one-to-one', mean: [0.5], std: [0.5] });
});
