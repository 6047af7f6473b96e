import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { programForTests, quick } from './program.js';

const { espalier, json, bytes, path } = programForTests();

it('trains, prunes what it trained, evaluates and inspects it, and all agree', { timeout: 120_000 }, async () => {
  const trained = await json(['train', ...quick, '--steps', '60', '--out', 'dense']);
  expect(trained).toMatchObject({
    reason: 'finished',
    sparsity: 0,
    clock: { step: 60 },
    model: 'dense/model.safetensors',
  });

  const options = ['--from', 'dense/model.safetensors', '--sparsity', '0.8', '--distribution', 'erdosRenyiKernel'];
  const common = ['--batch-size', '16', '--steps', '40', '--backend', 'wasm', '--out', 'sparse'];
  const pruned = await json(['prune', ...options, ...common]);
  expect(pruned.sparsity).toBeCloseTo(0.8, 4);
  // The dataset is that of the checkpoint.
  expect(pruned.recipe).toMatchObject({
    dataset: 'synthetic',
    model: null,
    method: 'magnitude',
    options: { sparsity: 0.8, cadence: { start: 0, end: 26 } },
  });
  expect(JSON.parse(await readFile(path('sparse/result.json'), 'utf8'))).toEqual(pruned);

  const evaluated = await json(['eval', 'sparse/model.safetensors', '--backend', 'wasm']);
  const { accuracy, examples } = pruned.evaluation as { accuracy: number; examples: number };
  expect(evaluated).toMatchObject({ accuracy, examples, sparsity: pruned.sparsity, dataset: 'synthetic/test' });
  expect(accuracy).toBeGreaterThan(0.9);

  const inspected = await json(['inspect', 'sparse/model.safetensors']);
  expect(inspected).toMatchObject({
    unmeasured: null,
    measured: { tuned: true, sparsity: { prunable: pruned.sparsity } },
  });
  const unmeasured = await json(['inspect', 'sparse/model.safetensors', '--no-measure']);
  expect(unmeasured).toEqual({ ...inspected, measured: null, unmeasured: '' });
  expect(inspected).toMatchObject({ resumable: false, method: { name: 'magnitude' }, macs: { dense: 266_200 } });
  expect(inspected.prunable).toMatchObject({ entries: 266_200, sparsity: pruned.sparsity });
});

it('prunes a checkpoint once, without training, if asked for 0 steps', async () => {
  await json(['train', ...quick, '--steps', '30', '--out', 'for-one-shot']);
  const from = [
    '--from',
    'for-one-shot/model.safetensors',
    '--method',
    'one-shot',
    '--steps',
    '0',
    '--out',
    'one-shot',
  ];
  const result = await json(['prune', ...from, '--sparsity', '0.5', '--backend', 'cpu']);
  expect(result).toMatchObject({ clock: { step: 0 }, sparsity: 0.5, recipe: { method: 'one-shot' } });
  const { method } = await json(['inspect', 'one-shot/model.safetensors']);
  expect(method).toMatchObject({ name: 'one-shot-magnitude' });
});

it('saves on SIGINT, exits with 130, and resumes to the very network of an uninterrupted run', async () => {
  const timing = ['--steps', '240', '--sparsity', '0.7', '--checkpoint-every', '1000', '--evaluate-every', '40'];
  const args = ['prune', ...quick, ...timing];
  expect((await espalier([...args, '--out', 'whole'])).exitCode).toBe(0);

  const interrupted = await espalier([...args, '--out', 'parts'], 'step 80:');
  expect(interrupted.exitCode).toBe(130);
  expect(interrupted.stdout).toContain('espalier prune --resume --out parts');
  expect(await readdir(path('parts'))).toEqual(['checkpoints']);

  const resumed = await espalier(['prune', '--resume', '--out', 'parts', '--backend', 'wasm']);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain('Going on from parts/checkpoints/checkpoint-0000000');
  expect(await bytes('parts/model.safetensors')).toBe(await bytes('whole/model.safetensors'));
});

it('refuses to resume with other options than the run was started with, and to start on top of a run', async () => {
  await json(['train', ...quick, '--steps', '10', '--out', 'taken']);
  const other = await espalier(['train', '--resume', '--out', 'taken', '--learning-rate', '0.01']);
  expect(other).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('started with learningRate 0.05, not 0.01'),
  });
  const again = await espalier(['train', ...quick, '--steps', '10', '--out', 'taken']);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^USAGE: taken holds a run\./) });
});

it.each([
  [[], 'Name a command'],
  [['grow'], 'no command "grow"'],
  [['train', '--speed', '9'], 'no option --speed'],
  [['train', '--steps', 'many'], '--steps is "many"'],
  [['train', '--steps', '2', '--epochs', '1', '--dataset', 'synthetic'], '--epochs or --steps'],
  [['train', '--steps', '0', '--dataset', 'synthetic'], '0 steps'],
  [['train', '--model', 'resnet21'], 'must be one of: lenet300'],
  [['train', '--out'], '--out needs a value'],
  [['prune', '--sparsity', '1'], 'below 1'],
  [['prune', '--from', 'x', '--model', 'lenet300', '--dataset', 'synthetic'], '--from or --model'],
  [['prune', '--method', 'wish'], 'magnitude, one-shot'],
  [['prune', '--method', 'rgil'], 'Did you mean rigl?'],
  [['prune', '--option', 'cadence'], 'must be name=value'],
  [['prune', '--option', 'a=1', '--option', 'a=2'], '--option a is given twice'],
  [['methods', 'granett'], 'Did you mean granet?'],
  [['prun'], 'Did you mean prune?'],
  [['eval'], 'Name a network'],
  [['bench'], 'Name a network'],
  [['bench', 'x', '--batch', '0'], '--batch is "0"'],
  [['bench', 'x', '--batch', '1025'], 'below 1025'],
  [['bench', 'x', '--rounds', '1.5'], '--rounds is "1.5"'],
  [['bench', 'x', '--threads', '257'], 'below 257'],
  [['bench', 'x', '--instructions', 'avx'], 'auto, simd, relaxed-simd'],
  [['inspect', 'a', 'b'], 'no place for the argument "b"'],
])('exits with 2 and says what is wrong with: espalier %j', async (args, message) => {
  const { exitCode, stdout, stderr } = await espalier(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^USAGE: /);
  expect(stderr).toContain(message);
});

it('exits with 1 and a code if a file is missing, damaged or of another kind', async () => {
  await writeFile(path('damaged.safetensors'), 'not a checkpoint at all');
  const missing = await espalier(['inspect', 'missing.safetensors']);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(/^FILE_ACCESS: .*missing/) });
  const damaged = await espalier(['eval', 'damaged.safetensors', '--json']);
  expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^CORRUPT_CHECKPOINT: .*damaged/) });
  expect(JSON.parse(damaged.stdout)).toMatchObject({ error: { code: 'CORRUPT_CHECKPOINT' } });
});

it('documents every option of every command in --help and in the README, without colors on a pipe', async () => {
  const readme = await readFile(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
  for (const command of ['train', 'prune', 'eval', 'predict', 'inspect', 'methods', 'bench', 'transfer', 'export']) {
    const { exitCode, stdout } = await espalier([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b');
    const options = [...stdout.matchAll(/ (--[a-z-]+)/g)].map(match => match[1]!);
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(readme, `${option} of ${command}`).toContain(`\`${option}`);
  }
  expect((await espalier(['--help'])).stdout).toContain('inspect');
  expect((await espalier(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
});
