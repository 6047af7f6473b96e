import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toModel } from '@espalier/core/tfjs';
import { type Dataset, digitsNormalization, sequentialBatches, toTensors } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { model as modelOf } from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { digitTask, prunedUpstream } from '../../test/digit-tasks.js';
import type { FeatureExtractor, TransferTask } from '../index.js';
import { linearProbe } from '../linear/linear-probe.js';
import { fileFeatureCache } from './feature-cache.js';

beforeAll(() => tf.setBackend('wasm'));

let directory: string;
let task: TransferTask;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-features-'));
  task = await digitTask([0, 1], 40, 20);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const key = 'a'.repeat(64);
const features = {
  dimension: 2,
  values: Float32Array.of(1, -0, 1e-40, Number.MAX_VALUE, 5, 6),
  labels: Int32Array.of(2, 0, 1),
};

/** Sums of the images' halves, and how many images it was given. */
function counting(identity = 'halves'): FeatureExtractor & { readonly seen: () => number } {
  let seen = 0;
  return {
    seen: () => seen,
    inputShape: [28, 28, 1],
    dimension: 2,
    identity: async () => identity,
    extract: async ({ images, size }) => {
      seen += size;
      return Float32Array.from({ length: 2 * size }, (_, i) =>
        images.subarray(i * 392, (i + 1) * 392).reduce((sum, value) => sum + value, 0),
      );
    },
  };
}
const options = { epochs: 2, seeds: [1] };

it('gives back what it was given, bit for bit, in another process too', async () => {
  await fileFeatureCache(join(directory, 'new')).write(key, features);
  const found = await fileFeatureCache(join(directory, 'new')).read(key);
  expect(found).toEqual(features);
  expect(new Uint32Array(found!.values.buffer)).toEqual(new Uint32Array(features.values.buffer));
  expect(await readdir(join(directory, 'new'))).toEqual([`features-${key}.safetensors`]);
});

it('has nothing under a key that was never written', async () => {
  expect(await fileFeatureCache(join(directory, 'none')).read(key)).toBeUndefined();
});

it('spares the network a second look at the same images, with the same result', async () => {
  const cache = fileFeatureCache(directory);
  const [first, second] = [counting(), counting()];
  const result = await linearProbe(first, task, { ...options, cache });
  expect(await linearProbe(second, task, { ...options, cache })).toEqual(result);
  expect([first.seen(), second.seen()]).toEqual([60, 0]);
  expect(await linearProbe(counting(), task, options)).toEqual(result);
});

it('transfer T1: holds what the direct forward pass of a pruned network gives before its classifier, to 1e-5', async () => {
  const checkpoint = await prunedUpstream();
  const before = tf.memory().numTensors;
  await linearProbe(checkpoint, task, { ...options, cache: fileFeatureCache(directory) });
  const kept = await Promise.all(
    (await readdir(directory)).map(async name => {
      const found = await fileFeatureCache(directory).read(name.slice('features-'.length, -'.safetensors'.length));
      return found!;
    }),
  );
  expect(kept.map(({ labels }) => labels.length).sort()).toEqual([20, 40]);
  const network = await toModel(checkpoint);
  const hidden = modelOf({ inputs: network.inputs, outputs: network.getLayer('hidden2').output });
  for (const data of [task.train, task.test] as Dataset[]) {
    const { values, labels } = kept.find(({ labels: { length } }) => length === data.size)!;
    const [all] = sequentialBatches(data, { batchSize: data.size, normalize: task.normalization });
    expect(labels).toEqual(all!.labels);
    const { xs, ys } = toTensors(all!);
    const direct = hidden.predict(xs) as tf.Tensor;
    const expected = await direct.data();
    tf.dispose([xs, ys, direct]);
    expect(values).toHaveLength(expected.length);
    expect(Math.max(...expected)).toBeGreaterThan(0.1);
    expect(Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
  }
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('does not mistake other weights, preparations, labels or images for the same', async () => {
  const cache = fileFeatureCache(directory);
  await linearProbe(counting(), task, { ...options, cache });
  const other = await digitTask([0, 2], 40, 20);
  const { train } = task;
  const cases: [FeatureExtractor & { seen: () => number }, TransferTask, object][] = [
    [counting('other weights'), task, {}],
    [counting(), task, { normalize: { mean: [0], std: digitsNormalization.std } }],
    [counting(), { ...task, train: { ...train, label: index => 1 - train.label(index) } }, {}],
    [counting(), other, {}],
  ];
  for (const [extractor, changed, more] of cases) {
    await linearProbe(extractor, changed, { ...options, ...more, cache });
    expect(extractor.seen()).toBeGreaterThan(0);
  }
});

it.each([
  ['one flipped bit in the data', (bytes: Buffer) => bytes.with(-9, bytes.at(-9)! ^ 1)],
  ['a lost end', (bytes: Buffer) => bytes.subarray(0, -4)],
  ['another file', () => Buffer.from('nonsense')],
  ['an empty file', () => Buffer.alloc(0)],
])('notices %s, says so, and replaces the file', async (_, damage) => {
  const onWarning = vi.fn();
  const cache = fileFeatureCache(directory, { onWarning });
  const result = await linearProbe(counting(), task, { ...options, cache });
  const path = join(directory, (await readdir(directory))[0]!);
  const bytes = await readFile(path);
  await writeFile(path, damage(bytes));
  const extractor = counting();
  expect(await linearProbe(extractor, task, { ...options, cache })).toEqual(result);
  expect([20, 40]).toContain(extractor.seen());
  expect(onWarning).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'CORRUPT_FEATURES', path }));
  const third = counting();
  await linearProbe(third, task, { ...options, cache });
  expect(third.seen()).toBe(0);
});
