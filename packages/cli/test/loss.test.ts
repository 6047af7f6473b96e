import '@tensorflow/tfjs-backend-cpu';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { EspalierError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { runEval } from '../src/commands/eval.js';
import { runTraining } from '../src/commands/run.js';
import type { ParsedOptions } from '../src/options/read.js';
import { scratch, writeClasses, writeText } from './images.js';

const path = scratch();
const parsed = (values: object): ParsedOptions => ({ _: [], backend: 'cpu', ...values }) as unknown as ParsedOptions;

interface Ran {
  readonly recipe: object;
  readonly evaluation: {
    readonly loss: number;
    readonly accuracy: number;
    readonly metrics?: Readonly<Record<string, number>>;
  };
}

const prune = async (values: object): Promise<Ran> => {
  const options = { size: '8', steps: '4', 'batch-size': '8', every: '1', data: path('two'), sparsity: '0.5' };
  return (await runTraining('prune', parsed({ ...options, ...values }))).json as Ran;
};
const judge = async (checkpoint: string, values: object): Promise<Ran['evaluation']> =>
  (await runEval(parsed({ checkpoint: path(checkpoint), data: path('two'), ...values }))).json as Ran['evaluation'];
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (EspalierError.isInstance(error) ? error.code : String(error)),
  );

/** A network of zeros, so that its logits are 0. */
const zeros = (units: number, activation: string): string =>
  `export default ({ layers }) => layers.sequential({ layers: [
    layers.layers.flatten({ inputShape: [8, 8, 3] }),
    layers.layers.dense({ units: ${units}, kernelInitializer: 'zeros', activation: '${activation}', name: 'head' }),
  ] });`;

beforeAll(async () => {
  await tf.setBackend('cpu');
  await writeClasses(path('two'), { apple: 15, pear: 10 });
  for (const activation of ['linear', 'softmax', 'sigmoid', 'tanh']) {
    for (const units of [1, 2]) writeText(path(`${activation}-${units}.mjs`), zeros(units, activation));
  }
  writeText(
    path('mine.mjs'),
    `export const whole = (outputs, labels, { tf }) => tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 2), outputs);
     export const half = (outputs, labels, { tf }) => tf.mul(0.5, whole(outputs, labels, { tf }));
     export const vector = outputs => outputs;
     export const constant = (outputs, labels, { tf }) => tf.scalar(1);
     export const failing = () => { throw new Error('not today'); };
     export const greatest = (outputs, labels, { tf }) => tf.max(outputs);
     export const nothing = 5;`,
  );
  writeText(path('only.mjs'), 'export default (outputs, labels, { tf }) => tf.mean(tf.cast(labels, "float32"));');
});

it('a network of two outputs is refused with their names', async () => {
  writeText(
    path('two.mjs'),
    `export default ({ layers }) => {
      const input = layers.input({ shape: [8, 8, 3] });
      const flat = layers.layers.flatten().apply(input);
      const outputs = ['kind', 'size'].map(name => layers.layers.dense({ name, units: 2 }).apply(flat));
      return layers.model({ inputs: input, outputs });
    };`,
  );
  const work = prune({ from: path('two.mjs'), out: path('two') });
  await expect(work).rejects.toThrow(/The network does not fit: it has 2 outputs \(kind, size\)/);
});

const ln2 = expect.closeTo(Math.LN2, 5);

// All outputs are 1/2 (of logits 0): -ln 1/2, (1/2)² and |1/2|. Ties are the first class: 15 of 25 images.
it.each([
  ['softmax-2', 'cross-entropy', ln2, 0.5],
  ['softmax-2', 'mse', 0.25, 0.5],
  ['linear-2', 'cross-entropy', ln2, 0.5],
  ['linear-2', 'bce', ln2, 0.5],
  ['linear-2', 'mean-squared-error', 0.5, 0.5], // (1² + 0²) / 2: logits, not probabilities
  ['sigmoid-2', 'binary-cross-entropy', ln2, 0.5],
  ['sigmoid-1', 'binary-cross-entropy', ln2, 0.5],
  ['sigmoid-1', undefined, ln2, 0.5],
  ['sigmoid-1', 'mse', 0.25, 0.5],
  ['tanh-2', 'mse', 0.5, 0.5],
])('%s judged by %s', async (network, loss, expected, error) => {
  const before = tf.memory().numTensors;
  const asked = { ...(loss ? { loss } : {}), metric: 'accuracy,mae,mse' };
  const found = await judge(`${network}.mjs`, asked);
  expect(found).toMatchObject({ loss: expected, accuracy: 0.6, examples: 25 });
  const numbers = network.startsWith('linear') || network.startsWith('tanh');
  expect(found.metrics).toEqual({
    'mean-absolute-error': expect.closeTo(error, 5),
    'mean-squared-error': expect.closeTo(numbers ? 0.5 : 0.25, 5),
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('a loss of one linear output tells no class, so that another metric is asked for', async () => {
  expect(await codeOf(judge('linear-1.mjs', { loss: 'mse' }))).toBe('OUTPUT_MISMATCH');
  // 10 of 25 labels are 1, and the output is 0
  const found = await judge('linear-1.mjs', { loss: 'mse', metric: 'mae' });
  expect(found.metrics).toEqual({ 'mean-absolute-error': expect.closeTo(0.4, 5) });
});

it.each([
  ['mse', 'mean-squared-error'],
  ['bce', 'binary-cross-entropy'],
  ['mine.mjs#whole', undefined],
])('a run with --loss %s goes on as it began, to the byte', async (written, name) => {
  const loss = name === undefined ? path(written) : written;
  const metric = `top1,${path('only.mjs')}`;
  const out = path(`run-${written.replace(/\W/g, '-')}`);
  const whole = await prune({ model: 'lenet300', loss, metric, out, 'checkpoint-every': '2' });
  expect(whole.recipe).toMatchObject({ loss: name ?? loss, metric: ['top1', path('only.mjs')] });
  expect(Object.keys(whole.evaluation.metrics ?? {})).toEqual(['top1', 'only']);
  const model = readFileSync(`${out}/model.safetensors`);
  rmSync(`${out}/model.safetensors`);
  rmSync(`${out}/checkpoints/checkpoint-0000000004.safetensors`);
  const resumed = (await runTraining('prune', parsed({ resume: true, out }))).json as Ran;
  expect(resumed.evaluation).toEqual(whole.evaluation);
  expect(readFileSync(`${out}/model.safetensors`).equals(model)).toBe(true);
  expect(await codeOf(runTraining('prune', parsed({ resume: true, out, loss: 'cross-entropy' })))).toBe('USAGE');
  const again = await judge(`run-${written.replace(/\W/g, '-')}`, name === undefined ? { loss } : {});
  expect(again.loss).toBeCloseTo(whole.evaluation.loss, 1); // on all images, not the test images alone
});

it('a function of your own is the loss, and half of it trains half as fast', async () => {
  const options = { model: 'lenet300', metric: `${path('mine.mjs')}#greatest`, 'weight-decay': '0' };
  const own = await prune({ ...options, loss: `${path('mine.mjs')}#whole`, out: path('own') });
  const named = await prune({ ...options, loss: 'cross-entropy', out: path('named') });
  expect(own.evaluation.loss).toBeCloseTo(named.evaluation.loss, 4);
  expect(own.evaluation.metrics).toEqual({ greatest: expect.closeTo(named.evaluation.metrics?.greatest ?? 0, 4) });
  const half = { loss: `${path('mine.mjs')}#half`, 'learning-rate': '0.1', out: path('half') };
  expect((await prune({ ...options, ...half })).evaluation.loss).toBeCloseTo(named.evaluation.loss / 2, 4);
});

it.each([
  ['softmax-2.mjs', { loss: 'binary-cross-entropy' }, 'OUTPUT_MISMATCH'],
  ['sigmoid-2.mjs', { loss: 'cross-entropy' }, 'OUTPUT_MISMATCH'],
  ['sigmoid-2.mjs', {}, 'OUTPUT_MISMATCH'],
  ['tanh-2.mjs', {}, 'OUTPUT_MISMATCH'],
  ['linear-1.mjs', { loss: 'mse' }, 'OUTPUT_MISMATCH'],
  ['sigmoid-1.mjs', { metric: 'top5' }, 'OUTPUT_MISMATCH'],
  ['sigmoid-2.mjs', { loss: 'bce', 'class-weights': '1,2' }, 'OUTPUT_MISMATCH'],
  ['softmax-2.mjs', { loss: 'mse', 'class-weights': '1,2' }, 'USAGE'],
  ['softmax-2.mjs', { loss: 'mse', 'label-smoothing': '0.1' }, 'USAGE'],
  ['softmax-2.mjs', { loss: 'cros-entropy' }, 'USAGE'],
  ['softmax-2.mjs', { loss: '' }, 'USAGE'],
  ['softmax-2.mjs', { metric: 'acuracy' }, 'USAGE'],
  ['softmax-2.mjs', { metric: 'top0' }, 'USAGE'],
  ['softmax-2.mjs', { metric: 'mse,mean-squared-error' }, 'USAGE'],
  ['softmax-2.mjs', { metric: 'accuracy,' }, 'USAGE'],
  ['softmax-2.mjs', { loss: 'absent.mjs' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { loss: 'mine.mjs' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { loss: 'mine.mjs#vector' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { loss: 'mine.mjs#constant' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { loss: 'mine.mjs#failing' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { metric: 'mine.mjs#vector' }, 'OWN_FUNCTION'],
  ['softmax-2.mjs', { metric: 'mine.mjs#nothing' }, 'OWN_FUNCTION'],
])('%s with %j is refused before anything is trained', async (network, values, code) => {
  const here = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, /\.mjs/.test(value) ? path(value) : value]),
  );
  expect(await codeOf(prune({ from: path(network), out: path('refused'), 'keep-head': true, ...here }))).toBe(code);
  expect(existsSync(path('refused', 'checkpoints'))).toBe(false);
});

it('a network of one sigmoid learns two classes as it is', async () => {
  const { evaluation } = await prune({ from: path('sigmoid-1.mjs'), 'keep-head': true, steps: '20', out: path('yes') });
  expect(evaluation.accuracy).toBe(1); // red apples, green pears
});
