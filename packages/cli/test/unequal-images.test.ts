import '@tensorflow/tfjs-backend-cpu';
import { EspalierError } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { runBench } from '../src/commands/bench.js';
import { runEval } from '../src/commands/eval.js';
import { runInspect } from '../src/commands/inspect.js';
import { runPredict } from '../src/commands/predict.js';
import { runTraining } from '../src/commands/run.js';
import { runTransfer } from '../src/commands/transfer.js';
import type { ParsedOptions } from '../src/options/read.js';
import type { Outcome } from '../src/output/outcome.js';
import { scratch, writeClasses, writeText } from './images.js';

const path = scratch();
const parsed = (values: object): ParsedOptions =>
  ({ _: [], backend: 'cpu', measure: false, ...values }) as unknown as ParsedOptions;
const prune = (values: object): Promise<Outcome> =>
  runTraining('prune', parsed({ steps: '2', 'batch-size': '8', every: '1', sparsity: '0.5', ...values }));
const json = async (outcome: Promise<Outcome>): Promise<Record<string, unknown>> =>
  (await outcome).json as Record<string, unknown>;
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? `${error.code}: ${error.message}` : String(error)),
  );

/** A convolution, averaged over all places, or not, and two classes. */
const network = (shape: string, last: string): string =>
  `export default ({ layers: { layers, sequential } }) => sequential({ layers: [
    layers.conv2d({ inputShape: ${shape}, filters: 4, kernelSize: 3, padding: 'same', name: 'conv' }),
    layers.${last}({}), layers.dense({ units: 2, name: 'head' })] });`;

beforeAll(async () => {
  await tf.setBackend('cpu');
  await writeClasses(path('two'), { apple: 15, pear: 10 });
  writeText(path('wide.mjs'), network('[6, 12, 3]', 'globalAveragePooling2d'));
  writeText(path('open.mjs'), network('[null, null, 3]', 'globalAveragePooling2d'));
  writeText(path('gray.mjs'), network('[6, 12, 1]', 'flatten'));
  writeText(path('flat.mjs'), network('[6, 12, 3]', 'flatten'));
  writeText(
    path('words.mjs'),
    `export default ({ layers: { layers, sequential } }) => sequential({ layers: [layers.dense({ inputShape: [4], units: 2 })] });`,
  );
});

it('a network of unequal sides gets images of its size, without a word, from prune to predict', async () => {
  const { recipe } = await json(prune({ from: path('flat.mjs'), data: path('two'), out: path('flat') }));
  expect(recipe).toMatchObject({ data: { fit: { size: [6, 12] } } });
  const { metadata } = await readCheckpoint(path('flat', 'model.safetensors'));
  expect(metadata.images).toMatchObject({ size: [6, 12] });
  for (const runtime of ['tfjs', 'sparse']) {
    const _ = ['', path('two', 'apple', '0.png')];
    const told = await json(runPredict(parsed({ checkpoint: path('flat'), runtime, _ })));
    expect(told).toMatchObject({ fit: { size: [6, 12] }, images: [{ predictions: [{}, {}] }] });
  }
  expect(await json(runEval(parsed({ checkpoint: path('flat') })))).toMatchObject({ examples: 5 });
});

it('--size height x width gives a network other sides, which the run keeps', async () => {
  const options = { from: path('wide.mjs'), data: path('two'), size: '8x10', resize: 'pad', out: path('sized') };
  const { recipe, evaluation } = await json(prune({ ...options, 'checkpoint-every': '1' }));
  expect(recipe).toMatchObject({ data: { fit: { size: [8, 10], rule: 'pad' } } });
  const goOn = (size: string) => runTraining('prune', parsed({ resume: true, out: path('sized'), size }));
  expect(await json(goOn('8x10'))).toMatchObject({ evaluation });
  expect(await refusal(goOn('8'))).toContain('started with --size 8x10, not 8');
  const _ = ['', path('two', 'apple', '0.png')];
  const told = await json(runPredict(parsed({ checkpoint: path('sized'), size: '12x6', _ })));
  expect(told).toMatchObject({ fit: { size: [12, 6], rule: 'pad' } });
});

it('equal sides are one number, however they are written, and an open network gets the sides that are asked for', async () => {
  const options = { from: path('open.mjs'), data: path('two'), size: '8X8', out: path('open') };
  expect((await json(prune(options))).recipe).toMatchObject({ data: { fit: { size: 8 } } });
});

it('inspect and bench take a size', async () => {
  // same convolution: 27 · 4 products at each place, and 8 of the classifier
  for (const [size, places] of [
    ['10x4', 40],
    ['6', 36],
    [undefined, 72],
  ] as const) {
    const given = parsed({ checkpoint: path('wide.mjs'), ...(size ? { size } : {}) });
    expect(await json(runInspect(given))).toMatchObject({ macs: { dense: 108 * places + 8 } });
  }
  const given = parsed({ checkpoint: path('open.mjs'), size: '6x10', rounds: '1', threads: '1' });
  expect(await json(runBench(given))).toMatchObject({ command: 'bench' });
});

it('transfer makes the images of a task as high and as wide as is asked for', async () => {
  const options = { data: path('two'), protocol: 'linear', seeds: '1', epochs: '1', size: '8x12' };
  const made = runTransfer(parsed({ checkpoint: path('wide.mjs'), ...options, out: path('transfer') }));
  expect(await json(made)).toMatchObject({ imageShape: [8, 12, 3] });
});

it('a size that a network cannot have is refused by what asked for it', async () => {
  const data = { data: path('two'), out: path('refused') };
  expect(await refusal(prune({ from: path('flat.mjs'), ...data, size: '8' }))).toContain(
    'cannot take images of 8×8 (--size), only of 6×12',
  );
  const named = await refusal(prune({ from: path('gray.mjs'), dataset: 'synthetic', out: path('refused') }));
  expect(named).toMatch(/cannot take images of .* \(the images of synthetic\), only of 6×12/);
  expect(await refusal(runInspect(parsed({ checkpoint: path('words.mjs'), size: '8' })))).toContain('takes [any, 4]');
});

it.each(['0', '8x', 'x8', '8x0', '5000', '8x5000', '8,8', '-8', '8.5', ''])('--size "%s" is refused', async size => {
  const given = { from: path('wide.mjs'), data: path('two'), size, out: path('refused') };
  expect(await refusal(prune(given))).toMatch(/^USAGE: --size/);
});
