import { EspalierError } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { beforeAll, expect, it } from 'vitest';
import { runTraining } from '../src/commands/run.js';
import { runTransfer } from '../src/commands/transfer.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses, writeText } from './images.js';

const path = scratch();
type Flags = Readonly<Record<string, string | boolean>>;
const parsed = (given: Flags): ParsedOptions => ({ _: [], ...given }) as unknown as ParsedOptions;
const short = { backend: 'cpu', steps: '4', 'batch-size': '4', 'warm-up': '0', sparsity: '0.5' };
const prune = (given: Flags) => runTraining('prune', parsed({ ...short, data: path('pets'), ...given }), []);
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? error.code : String(error)),
  );

/** A network of these layers, as a module. */
const moduleOf = (...layers: string[]): string =>
  `export default ({ layers: { layers: l, sequential } }) => sequential({ layers: [
    l.conv2d({ name: 'body', filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }), ${layers.join(', ')}] });`;

beforeAll(async () => {
  await writeClasses(path('pets'), { cat: 8, dog: 6 });
  writeText(path('map.mjs'), moduleOf());
  writeText(path('pooled.mjs'), moduleOf("l.globalAveragePooling2d({ dataFormat: 'channelsLast' })"));
  writeText(path('embedding.mjs'), moduleOf('l.flatten()', "l.dense({ name: 'embedding', units: 2 })"));
});

// The map has two channels and the data two classes, which is chance: it still gets a classifier.
it.each(['map', 'pooled'])('prune puts a classifier on a network that ends in a %s', async name => {
  await prune({ from: path(`${name}.mjs`), out: path(name) });
  const { weights, masks } = await readCheckpoint(path(name, 'model.safetensors'));
  expect(weights.get('transfer_head/kernel')?.shape).toEqual([2, 2]);
  expect([...masks.keys()]).toEqual(['body/kernel']);
});

it('--head none keeps a dense layer at the end, which otherwise is the classifier', async () => {
  await prune({ from: path('embedding.mjs'), out: path('classifier') });
  const classifier = await readCheckpoint(path('classifier', 'model.safetensors'));
  expect([...classifier.weights.keys()]).toEqual(['body/kernel', 'body/bias', 'embedding/kernel', 'embedding/bias']);
  await prune({ from: path('embedding.mjs'), out: path('embedding'), head: 'none' });
  const { weights } = await readCheckpoint(path('embedding', 'model.safetensors'));
  expect(weights.get('embedding/kernel')?.shape).toEqual([72, 2]);
  expect(weights.get('transfer_head/kernel')?.shape).toEqual([2, 2]);
});

it('--feature-layer puts a classifier on the output of a layer, and leaves out what comes after it', async () => {
  await prune({ from: path('embedding.mjs'), out: path('cut'), 'feature-layer': 'body' });
  const { weights } = await readCheckpoint(path('cut', 'model.safetensors'));
  // the map of two channels, averaged over all places
  expect(weights.get('transfer_head/kernel')?.shape).toEqual([2, 2]);
  expect(weights.has('embedding/kernel')).toBe(false);
  const other = { from: path('embedding.mjs'), out: path('other'), 'feature-layer': 'bode' };
  expect(await codeOf(prune(other))).toBe('NO_CLASSIFIER');
  expect(await codeOf(prune({ ...other, 'keep-head': true }))).toBe('USAGE');
});

it('options about a new classifier are refused where none is made', async () => {
  const alone = { from: path('map.mjs'), steps: '0', sparsity: '0.5', backend: 'cpu', out: path('alone') };
  const made = { model: 'lenet300', dataset: 'digits', out: path('made'), ...short };
  for (const option of [{ head: 'none' }, { 'feature-layer': 'body' }]) {
    expect(await codeOf(runTraining('prune', parsed({ ...alone, ...option }), []))).toBe('USAGE');
    expect(await codeOf(runTraining('prune', parsed({ ...made, ...option }), []))).toBe('USAGE');
  }
});

it('--keep-head refuses what has no classifier, and cannot be given together with --head none', async () => {
  const given = { from: path('map.mjs'), out: path('none'), 'keep-head': true };
  expect(await codeOf(prune(given))).toBe('DATASET_MISMATCH');
  expect(await codeOf(prune({ ...given, head: 'none' }))).toBe('USAGE');
  expect(await codeOf(prune({ ...given, head: 'keep' }))).toBe('USAGE');
});

it.each(['tfjs', 'sparse'])('transfer takes the features of a network without a classifier by %s', async runtime => {
  const given = { model: path('map.mjs'), data: path('pets'), protocol: 'linear', seeds: '1', epochs: '1' };
  const { json } = await runTransfer(parsed({ ...given, runtime, backend: 'cpu', out: path(`transfer-${runtime}`) }));
  expect(json).toMatchObject({ protocol: 'linear', runs: [{ seed: 1 }] });
});
