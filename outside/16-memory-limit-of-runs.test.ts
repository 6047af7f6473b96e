import '@tensorflow/tfjs-backend-cpu';
import { readdir, stat } from 'node:fs/promises';
import { fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { lenet300 } from '@espalier/models';
import { latestCheckpoint, saveCheckpoint } from '@espalier/trainer/node';
import { fileFeatureCache, fileRunStore } from '@espalier/transfer/node';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

/** Number 16: limits reach every file that is read to go on from, and a file over a limit is not treated as damaged. */
const { espalier, path } = commandForTests();
const network = ['--dataset', 'synthetic', '--model', 'lenet300', '--backend', 'cpu'];
const short = ['--steps', '4', '--checkpoint-every', '2'];

const namesIn = (directory: string): Promise<string[]> => readdir(directory);

it.each([
  ['train', []],
  ['prune', ['--sparsity', '0.5']],
])(
  '%s --resume reads its checkpoints within --memory-limit, and leaves them where they are',
  async (command, more) => {
    expect((await espalier(command, ...network, ...short, ...more, '--out', command)).exitCode).toBe(0);
    const checkpoints = path(command, 'checkpoints');
    const before = await namesIn(checkpoints);
    const args = [command, '--resume', '--out', command, '--backend', 'cpu', '--memory-limit'];
    const { exitCode, stderr } = await espalier(...args, '100KB');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('fileBytes of 100000') });
    expect(stderr).toContain('--memory-limit');
    expect(await namesIn(checkpoints)).toEqual(before);
    expect((await espalier(...args, '1GB')).exitCode).toBe(0);
  },
  180_000,
);

it('transfer goes on from checkpoints within --memory-limit', async () => {
  const args = ['transfer', 'train', '--task', 'digits', '--seeds', '1', '--epochs', '1', '--backend', 'wasm'];
  const full = [...args, '--protocol', 'full', '--allow-dense', '--out', 'full'];
  expect((await espalier(...full)).exitCode).toBe(0);
  // What the network takes fits, what training keeps beside it does not.
  const { size } = await stat(path('train', 'model.safetensors'));
  const limit = ['--memory-limit', String(Math.ceil(1.5 * size))];
  const again = await espalier(...full, ...limit);
  expect({ ...again, stdout: '' }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('fileBytes') });
}, 240_000);

it('latestCheckpoint, fileRunStore and fileFeatureCache take limits', async () => {
  await tf.setBackend('cpu');
  const model = lenet300({ seed: 1 });
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  const directory = path('library');
  const store = fileRunStore(directory, { limits: { decodedBytes: 1000 } });
  const checkpoint = await session.checkpoint();
  await store.save(7, checkpoint);
  await saveCheckpoint(directory, checkpoint);
  const later = { ...checkpoint, clock: { ...checkpoint.clock, step: 3, position: 3 } };
  await saveCheckpoint(directory, later);
  const over = { code: 'CORRUPT_CHECKPOINT', limit: 'decodedBytes' };
  await expect(store.load(7)).rejects.toMatchObject(over);
  const before = await namesIn(directory);
  await expect(latestCheckpoint(directory, { limits: { decodedBytes: 1000 } })).rejects.toMatchObject(over);
  await expect(latestCheckpoint(directory, { limits: { fileBytes: 1000 } })).rejects.toMatchObject({
    limit: 'fileBytes',
  });
  expect(await namesIn(directory)).toEqual(before);
  expect((await latestCheckpoint(directory, { limits: undefined }))?.checkpoint.clock.step).toBe(3);
  for (const limits of [null, 5, { bytes: 1 }, { fileBytes: '1' }])
    await expect(latestCheckpoint(directory, { limits } as never)).rejects.toHaveProperty('code');

  const features = { values: new Float32Array(100), labels: new Int32Array(10), dimension: 10 };
  const key = '0'.repeat(64);
  await fileFeatureCache(directory).write(key, features);
  await expect(fileFeatureCache(directory, { maximumBytes: 100 }).read(key)).rejects.toMatchObject({
    code: 'DATA_TOO_LARGE',
  });
  expect(await fileFeatureCache(directory, { maximumBytes: 10_000 }).read(key)).toEqual(features);
  model.dispose();
  session.dispose();
});
