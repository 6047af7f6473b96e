import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { programForTests } from './program.js';

const { espalier, path } = programForTests();
beforeAll(async () => {
  const upstream = ['--steps', '40', '--sparsity', '0.8', '--batch-size', '32', '--model', 'lenet300', '--out', 'up'];
  const { exitCode, stderr } = await espalier(['prune', ...upstream, '--backend', 'wasm']);
  expect(exitCode, stderr).toBe(0);
});

const transfer = ['transfer', 'up/model.safetensors', '--task', 'digits', '--backend', 'wasm'];

it('probes through the sparse runtime, measures the epoch, and takes the features from its cache the second time', async () => {
  const linear = [...transfer, '--protocol', 'linear', '--epochs', '2', '--json'];
  const args = [...linear, '--seeds', '21,51', '--runtime', 'sparse'];
  const first = await espalier([...args, '--out', 'linear']);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stderr).toContain('Features of 8500 of 8500 train images');
  const json = JSON.parse(first.stdout);
  expect(json).toMatchObject({ command: 'transfer', protocol: 'linear', task: 'digits', runtime: 'sparse' });
  expect(json.runs.map(({ seed }: { seed: number }) => seed)).toEqual([21, 51]);
  expect(json.normalization).toMatchObject({ of: 'digits', from: 'network' });
  expect(json.sparsity).toBeCloseTo(0.8, 3);
  expect(json.final.top1.mean).toBeGreaterThan(0.5); // 0.1 is chance
  const { speed } = json;
  expect(speed.images).toBe(8500);
  expect(speed.ratio.backbone).toBeCloseTo(speed.backbone.dense.median / speed.backbone.sparse.median, 12);
  const sparseEpoch = 8.5 * speed.backbone.sparse.median + speed.classifier;
  expect(speed.epoch.sparse).toBeCloseTo(sparseEpoch, 9);
  const written = await readFile(path('linear/digits-official-28x28x1-linear.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(json);

  const again = await espalier([...args, '--out', 'linear']);
  expect(again.stderr).not.toContain('Features of');
  expect(JSON.parse(again.stdout).runs).toEqual(json.runs);
  // TensorFlow.js makes features of its own, and comes to nearly the same.
  const other = await espalier([...linear, '--seeds', '21', '--out', 'linear']);
  expect(other.stderr).toContain('Features of');
  const { runs } = JSON.parse(other.stdout);
  expect(Math.abs(runs[0].final.top1 - json.runs[0].final.top1)).toBeLessThan(0.01);
}, 300_000);

it('saves full fine-tuning on SIGINT, exits with 130, and goes on to the result of an uninterrupted run', async () => {
  const args = [...transfer, '--protocol', 'full', '--seeds', '21', '--epochs', '3'];
  const whole = await espalier([...args, '--out', 'whole', '--json']);
  expect(whole.exitCode, whole.stderr).toBe(0);
  const stopped = await espalier([...args, '--out', 'part'], 'epoch 1 of 3');
  expect(stopped).toMatchObject({ exitCode: 130, stdout: expect.stringContaining('The same command goes on') });
  expect(await readdir(path('part'))).toEqual(['runs']);
  const resumed = await espalier([...args, '--out', 'part', '--json']);
  expect(resumed.stderr).not.toContain('epoch 1 of 3');
  const { runs, sparsity } = JSON.parse(resumed.stdout);
  expect(runs).toEqual(JSON.parse(whole.stdout).runs);
  expect(sparsity).toBeGreaterThan(0.75);
  expect(runs[0].history).toHaveLength(3);
}, 300_000);

it('prints both choices of an epoch and how the best one was chosen', async () => {
  const args = [...transfer, '--protocol', 'linear', '--seeds', '21,51', '--epochs', '1', '--out', 'linear'];
  const { stdout } = await espalier(args);
  expect(stdout).toMatch(/^digits, linear protocol, 80\.00 % .* normalized as digits\.\n/);
  expect(stdout).toMatch(/\nmean +[\d.]+ %/);
  expect(stdout).toMatch(/\ndeviation +[\d.]+ %/);
  expect(stdout).toContain('chosen by looking at the\ntest data');
});

it.each([
  [['--task', 'digits'], 'linear or full'],
  [['--protocol', 'full'], 'Name a task'],
  [['--task', 'imagenet', '--protocol', 'full'], 'caltech101'],
  [['--task', 'digits', '--protocol', 'half'], 'linear, full'],
  [['--task', 'digits', '--protocol', 'full', '--runtime', 'sparse'], '--protocol linear alone'],
  [['--task', 'digits', '--protocol', 'linear', '--seeds', '1,1'], '--seeds is "1,1"'],
  [['--task', 'digits', '--protocol', 'linear', '--epochs', '0'], '--epochs is "0"'],
  [['--task', 'digits', '--protocol', 'linear', '--split', 'salman2020'], 'official split alone'],
  [['--task', 'digits', '--protocol', 'linear', '--size', '32'], 'only of 28×28'],
  [['--task', 'digits', '--protocol', 'linear', '--normalization', 'imagnet'], '--normalization'],
])('exits with 2 and says what is wrong with: transfer %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await espalier(['transfer', 'up/model.safetensors', ...args]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('USAGE: ');
  expect(stderr).toContain(message);
});

it('exits with 1 for a dense network under the full protocol, unless it is allowed', async () => {
  const upstream = ['train', '--steps', '2', '--model', 'lenet300', '--backend', 'wasm', '--out', 'dense'];
  expect((await espalier(upstream)).exitCode).toBe(0);
  const args = ['transfer', 'dense/model.safetensors', '--task', 'digits', '--protocol', 'full', '--epochs', '1'];
  const options = [...args, '--seeds', '1', '--backend', 'wasm', '--out', 'baseline'];
  expect(await espalier(options)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^DENSE_CHECKPOINT/m) });
  const allowed = await espalier([...options, '--allow-dense']);
  expect(allowed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Warning: Nothing is pruned') });
}, 300_000);

it('does not overwrite the result of another checkpoint', async () => {
  const upstream = ['train', '--steps', '1', '--model', 'lenet300', '--backend', 'wasm', '--out', 'other'];
  expect((await espalier(upstream)).exitCode).toBe(0);
  const options = ['--protocol', 'linear', '--task', 'digits', '--epochs', '1', '--seeds', '1', '--backend', 'wasm'];
  const args = [...options, '--out', 'mine'];
  expect((await espalier(['transfer', 'up/model.safetensors', ...args])).exitCode).toBe(0);
  const written = await readFile(path('mine/digits-official-28x28x1-linear.json'), 'utf8');
  const refused = await espalier(['transfer', 'other/model.safetensors', ...args]);
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^USAGE: .*up\/model\.safetensors.*--out/m),
  });
  expect(await readFile(path('mine/digits-official-28x28x1-linear.json'), 'utf8')).toBe(written);
}, 300_000);
