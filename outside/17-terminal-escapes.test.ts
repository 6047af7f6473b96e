import '@tensorflow/tfjs-backend-cpu';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { formatInspectReport, formatSpeedReport, inspectCheckpoint, measureSpeed } from '@espalier/cli';
import { type Checkpoint, encodeCheckpoint, fixed } from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();

/**
 * Clears the screen, sets the title of the window, uses eight bits, begins a line of its own, turns the direction of
 * writing and hides.
 */
const hostile = 'a\u001b[2J\u001b]0;owned\u0007\u009b31m\nFORGED: all is well\r\u202e\u200b\u2028\u007fb';

/** What no line for people may hold. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function requireVisible(text: string): void {
  for (const line of text.split('\n')) {
    expect(line).not.toMatch(unseen);
    expect(line).not.toMatch(/^\s*FORGED/);
  }
}

let good: Checkpoint;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const name = (what: string): string => `${what}${hostile}`;
  const model = sequential({
    name: 'net',
    layers: [
      layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, strides: 3, inputShape: [28, 28, 1] }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'head', units: 10 }),
    ],
  });
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  const plain = await session.checkpoint({ model, slots: false });
  // TensorFlow.js makes no layers of such names, but a file can say whatever it likes.
  const renamed = <Value>(map: ReadonlyMap<string, Value>): Map<string, Value> =>
    new Map([...map].map(([key, value]) => [key.replace(/^(conv|head)/, name('$1')), value]));
  const topology = JSON.stringify(plain.model).replace(/"(net|conv|flat|head)"/g, (_, each) =>
    JSON.stringify(name(each)),
  );
  const made = { ...plain, model: JSON.parse(topology), weights: renamed(plain.weights), masks: renamed(plain.masks) };
  good = {
    ...made,
    method: { name: name('method'), citation: name('citation'), options: { [hostile]: hostile } },
    phase: name('phase'),
    metadata: { [hostile]: hostile },
  };
  await writeCheckpoint(path('good.safetensors'), good);
  await writeCheckpoint(path('recipe.safetensors'), { ...good, metadata: { recipe: { dataset: hostile } } });
  await writeCheckpoint(path('class.safetensors'), {
    ...good,
    model: JSON.parse(JSON.stringify(good.model).replaceAll('"Conv2D"', JSON.stringify(hostile))),
  });
  await writeCheckpoint(path('bare.safetensors'), { ...good, model: null });
  await writeCheckpoint(path('unsupported.safetensors'), {
    ...good,
    model: JSON.parse(JSON.stringify(good.model).replaceAll('"linear"', '"softplus"')),
  });
  const bytes = encodeCheckpoint(good);
  await writeFile(path('cut.safetensors'), bytes.subarray(0, -3));
  await mkdir(path('dir\u001b[31m\nFORGED'));
});

it.each([
  ['inspect'],
  ['inspect', '--no-measure'],
  ['bench', '--rounds', '2', '--per-layer'],
  ['eval', '--dataset', 'digits', '--backend', 'cpu'],
  ['eval', '--dataset', 'cifar10', '--backend', 'cpu'],
  ['transfer', '--task', 'mnist', '--protocol', 'linear', '--size', '5'],
])('shows names of a sound file in: espalier %s %s %s', async (command, ...options) => {
  const { stdout, stderr } = await espalier(command, 'good.safetensors', ...options);
  expect(stdout + stderr).not.toBe('');
  requireVisible(stdout);
  requireVisible(stderr);
});

it('really prints the names, each on its line', async () => {
  const { exitCode, stdout } = await espalier('inspect', 'bare.safetensors', '--no-measure');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^conva\\u001b\[2J\\u001b\]0;owned\\u0007\\u009b31m\\nFORGED/m);
  expect(stdout).toContain('phasea\\u001b');
});

it.each(['recipe', 'class', 'bare', 'unsupported', 'cut'])(
  'shows names of a %s file in errors, and has a code',
  async file => {
    for (const args of [
      ['inspect', `${file}.safetensors`, '--no-measure'],
      ['bench', `${file}.safetensors`, '--rounds', '1'],
      ['eval', `${file}.safetensors`, '--backend', 'cpu'],
      [
        'prune',
        '--from',
        `${file}.safetensors`,
        '--steps',
        '0',
        '--method',
        'one-shot',
        '--backend',
        'cpu',
        '--out',
        `out-${file}`,
      ],
    ]) {
      const { stdout, stderr } = await espalier(...args);
      requireVisible(stdout);
      requireVisible(stderr);
      expect(stderr).not.toContain('UNEXPECTED');
    }
  },
);

it('shows what was written on the command line: commands, options, values, paths', async () => {
  for (const args of [
    [hostile],
    ['inspect', hostile],
    ['inspect', 'dir\u001b[31m\nFORGED'],
    ['inspect', 'a', hostile],
    ['train', `--${hostile}`],
    ['train', '--dataset', hostile],
    ['train', '--steps', hostile],
    ['train', '--backend', hostile, '--dataset', 'synthetic'],
    ['train', '--resume', '--out', hostile],
    ['prune', '--from', hostile],
    ['transfer', 'good.safetensors', '--task', 'digits', '--protocol', 'linear', '--seeds', hostile],
  ]) {
    const { exitCode, stdout, stderr } = await espalier(...args);
    expect(exitCode).toBeGreaterThan(0);
    requireVisible(stdout);
    requireVisible(stderr);
    expect(stderr).not.toContain('UNEXPECTED');
  }
});

it('prints JSON that is the same data and harmless to look at', async () => {
  const { stdout } = await espalier('inspect', 'bare.safetensors', '--no-measure', '--json');
  requireVisible(stdout);
  expect(JSON.parse(stdout).metadata).toEqual({ [hostile]: hostile });
  const failed = await espalier('inspect', hostile, '--json');
  requireVisible(failed.stdout);
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'FILE_ACCESS' } });
});

it('trains into a directory with such a name, and keeps the result as data', async () => {
  const out = 'run\u001b[31m\nFORGED';
  const args = ['--dataset', 'synthetic', '--model', 'lenet300', '--steps', '3', '--backend', 'cpu', '--out', out];
  const { exitCode, stdout, stderr } = await espalier('train', ...args);
  expect(exitCode, stderr).toBe(0);
  requireVisible(stdout);
  requireVisible(stderr);
  expect(JSON.parse(await readFile(path(out, 'result.json'), 'utf8'))).toMatchObject({ directory: out });
});

it('formats reports for programs that print them', async () => {
  requireVisible(formatInspectReport(await inspectCheckpoint({ ...good, model: null })));
  const speed = await measureSpeed(good, { rounds: 1, tfjs: false, tune: false, threads: 1, perLayer: true });
  const text = formatSpeedReport(speed);
  requireVisible(text);
  expect(text).toContain('conva\\u001b[2J');
});

it('does not widen every row for one endless name', async () => {
  const report = await inspectCheckpoint({ ...good, model: null });
  const [first, ...others] = report.layers;
  const long = { ...report, layers: [{ ...first!, name: 'x'.repeat(1_000_000) }, ...others] };
  expect(formatInspectReport(long).length).toBeLessThan(20_000);
});
