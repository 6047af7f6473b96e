import '@tensorflow/tfjs-backend-cpu';
import { readFile, writeFile } from 'node:fs/promises';
import { formatInspectReport, formatSpeedReport, inspectCheckpoint, measureSpeed } from '@espalier/cli';
import { type Checkpoint, fixed } from '@espalier/core';
import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { lenet300 } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();
let checkpoint: Checkpoint;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = lenet300({ seed: 1 });
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  checkpoint = await session.checkpoint({ model, slots: false });
});

it.each([
  [['train', '--learning_rate', '0.1'], 'Did you mean --learning-rate?'],
  [['train', '--learningRate', '0.1'], 'Did you mean --learning-rate?'],
  [['train', '--lable-smoothing', '0.1'], 'Did you mean --label-smoothing?'],
  [['prune', '--sparcity', '0.9'], 'Did you mean --sparsity?'],
  [['train', '--sparsity', '0.9'], 'There is no option --sparsity'],
  [['inspect', 'x', '--no-mesure'], 'Did you mean --no-measure?'],
  [['train', '--no-epochs'], 'There is no option --no-epochs'],
  [['train', '-e', '5'], 'There is no option -e'],
  [['train', '--__proto__', '5'], 'There is no option --__proto__'],
  [['train', '--constructor=5'], 'There is no option --constructor'],
  [['prun'], 'Did you mean prune?'],
  [['constructor'], 'There is no command "constructor"'],
  [['__proto__'], 'There is no command "__proto__"'],
  [['prune', '--sparsity', '0.9', '--sparsity', '0.8'], '--sparsity is given twice'],
  [['inspect', 'x', '--measure', '--no-measure'], '--measure is given twice'],
  [['train', '--json=maybe'], '--json takes no value'],
  [['train', '--out'], '--out needs a value'],
  [['train', '--out='], '--out needs a value'],
  [['train', '--out', ''], '--out needs a value'],
  [['train', '--out', '--json'], 'write --out=--json'],
  [['inspect', ''], 'empty'],
  [['prune', '--sparsity', '90'], 'did you mean 0.9?'],
  [['prune', '--sparsity', '90%'], 'did you mean 0.9?'],
  [['prune', '--sparsity', '-0.5'], 'of at least 0 and below 1'],
  [['prune', '--sparsity', 'NaN'], '--sparsity is "NaN"'],
  [['train', '--steps', '0x10'], '--steps is "0x10"'],
  [['train', '--steps', '1e400'], '--steps is "1e400"'],
  [['train', '--batch-size', '1.5'], 'a whole number'],
  [['prune', '--distribution', 'constructor'], 'must be one of: global'],
  [['prune', '--distribution', 'erdos-renyi'], 'Did you mean erdosRenyi?'],
  [['prune', '--method', 'oneShot'], 'Did you mean one-shot?'],
  [['train', '--model', 'toString'], 'must be one of'],
  [['train', '--dataset', 'minst'], 'Did you mean mnist?'],
  [['transfer', 'x', '--task', 'digits', '--protocol', 'linear', '--seeds', '1,1'], 'different whole numbers'],
  [['transfer', 'x', '--task', 'digits', '--protocol', 'linaer'], 'Did you mean linear?'],
])('exits with 2 and says what is wrong with: espalier %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await espalier(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  expect(stderr).toMatch(/^USAGE: /);
  if (!args.includes('--json')) expect(stdout).toBe('');
});

it.each([
  [{ mesure: true }, 'UNKNOWN_OPTION', '"measure"'],
  [{ measure: 'yes' }, 'INVALID_OPTION', 'measure'],
  [{ measure: null }, 'INVALID_OPTION', 'measure'],
  [null, 'INVALID_OPTION', 'options'],
  [[], 'INVALID_OPTION', 'options'],
] as const)('inspectCheckpoint refuses %j', async (options, code, message) => {
  const refused = inspectCheckpoint(checkpoint, options as never);
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

it.each([
  [{ thread: 1 }, 'UNKNOWN_OPTION'],
  [{ per_layer: true }, 'UNKNOWN_OPTION'],
  [{ threads: '2' }, 'INVALID_OPTION'],
  [{ threads: 0 }, 'INVALID_OPTION'],
  [{ batch: 1.5 }, 'INVALID_OPTION'],
  [{ rounds: Number.NaN }, 'INVALID_OPTION'],
  [{ budget: -1 }, 'INVALID_OPTION'],
  [{ instructions: 'avx' }, 'INVALID_OPTION'],
  [{ tune: 1 }, 'INVALID_OPTION'],
  [{ tfjs: 'no' }, 'INVALID_OPTION'],
  [{ perLayer: null }, 'INVALID_OPTION'],
  [{ signal: {} }, 'INVALID_OPTION'],
  [{ onProgress: 'log' }, 'INVALID_OPTION'],
  ['fast', 'INVALID_OPTION'],
])('measureSpeed refuses %j', async (options, code) => {
  await expect(measureSpeed(checkpoint, options as never)).rejects.toMatchObject({ code });
});

it('takes undefined for the default in every option', async () => {
  await expect(inspectCheckpoint(checkpoint, { measure: undefined } as never)).resolves.toMatchObject({
    measured: null,
  });
  const nothing = Object.fromEntries(
    ['threads', 'instructions', 'batch', 'perLayer', 'signal', 'onProgress'].map(key => [key, undefined]),
  );
  const report = await measureSpeed(checkpoint, { ...nothing, rounds: 1, tune: false, tfjs: false } as never);
  expect(report).toMatchObject({ batch: 1, rounds: 1, layers: null });
});

it('refuses what is no checkpoint and no report', async () => {
  for (const wrong of ['runs/dense', null, {}, [], new Uint8Array(8)]) {
    await expect(inspectCheckpoint(wrong as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(measureSpeed(wrong as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(() => formatInspectReport(wrong as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => formatSpeedReport(wrong as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});

it('refuses to resume a run whose stored recipe has a wrong entry, and names it', async () => {
  const args = [
    '--dataset',
    'synthetic',
    '--model',
    'lenet300',
    '--steps',
    '4',
    '--checkpoint-every',
    '2',
    '--backend',
    'cpu',
  ];
  expect((await espalier('prune', ...args, '--sparsity', '0.5', '--out', 'run')).exitCode).toBe(0);
  const file = path('run', 'checkpoints', 'checkpoint-0000000004.safetensors');
  const sound = await readFile(file);
  for (const [key, value, named] of [
    ['options', { sparsity: 0.5, distribution: 'constructor' }, '"distribution"'],
    ['options', { sparsity: '0.9' }, '"sparsity"'],
    ['options', { sparsity: 0.5, cadence: { start: 0, end: 2, every: 0 } }, '"cadence.every"'],
    ['options', 5, 'recipe.options'],
    ['method', '__proto__', 'recipe.method'],
    ['learningRate', null, 'recipe.learningRate'],
    ['evry', 1, 'recipe.evry'],
  ] as const) {
    await writeFile(file, sound);
    const stored = await readCheckpoint(file);
    const recipe = { ...(stored.metadata.recipe as object), [key]: value };
    await writeCheckpoint(file, { ...stored, metadata: { recipe } });
    const { exitCode, stderr } = await espalier('prune', '--resume', '--out', 'run', '--backend', 'cpu');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(named) });
    expect(stderr).toContain('The recipe in it cannot be followed.');
  }
});
