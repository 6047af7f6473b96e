import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();
const quick = ['--dataset', 'synthetic', '--model', 'lenet300', '--backend', 'wasm'];

beforeAll(async () => {
  const { exitCode, stderr } = await espalier(
    'train',
    ...quick,
    '--steps',
    '12',
    '--checkpoint-every',
    '5',
    '--out',
    'runs/dense',
  );
  if (exitCode !== 0) throw new Error(stderr);
});

it('takes the network of a finished run in every command, and says which file that is', async () => {
  for (const args of [
    ['eval', 'runs/dense', '--backend', 'wasm'],
    ['inspect', 'runs/dense/', '--no-measure'],
    ['bench', 'runs/dense', '--rounds', '1'],
    [
      'prune',
      '--from',
      'runs/dense',
      '--method',
      'one-shot',
      '--steps',
      '0',
      '--sparsity',
      '0.5',
      '--backend',
      'wasm',
      '--out',
      'runs/sparse',
    ],
    [
      'transfer',
      'runs/sparse',
      '--task',
      'digits',
      '--protocol',
      'linear',
      '--seeds',
      '1',
      '--epochs',
      '1',
      '--backend',
      'wasm',
    ],
  ]) {
    const { exitCode, stderr } = await espalier(...args);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^Taking runs\/(dense|sparse)\/model\.safetensors\.$/m);
  }
  const { stdout } = await espalier('inspect', 'runs/dense', '--no-measure', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ checkpoint: 'runs/dense/model.safetensors' });
});

it('takes the last checkpoint of a run that was stopped', async () => {
  await mkdir(path('stopped'), { recursive: true });
  await rename(path('runs', 'dense', 'checkpoints'), path('stopped', 'checkpoints'));
  for (const directory of ['stopped', 'stopped/checkpoints']) {
    const { stdout } = await espalier('inspect', directory, '--no-measure', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      checkpoint: 'stopped/checkpoints/checkpoint-0000000012.safetensors',
      clock: { step: 12 },
      resumable: true,
    });
  }
});

it.each([
  ['runs', 'runs/dense, runs/sparse'],
  ['empty', 'is empty'],
  ['photos', 'holds cat.png, dog.png'],
  ['two', 'a.safetensors, b.safetensors. Name one of them'],
])('says what is there if nothing fits: %s', async (directory, message) => {
  await rm(path('two'), { recursive: true, force: true });
  for (const name of ['empty', 'photos', 'two']) await mkdir(path(name), { recursive: true });
  for (const name of ['photos/cat.png', 'photos/dog.png', 'two/a.safetensors', 'two/b.safetensors'])
    await writeFile(path(name), '');
  const { exitCode, stderr } = await espalier('eval', directory, '--backend', 'cpu');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^NO_CHECKPOINT: /) });
  expect(stderr).toContain(message);
});

it('measures in inspect just as bench does, and says how far the rounds are apart', async () => {
  const [inspected, benched] = await Promise.all(
    ['inspect', 'bench'].map(async command => JSON.parse((await espalier(command, 'runs/sparse', '--json')).stdout)),
  );
  const { measured } = inspected;
  const alike = (report: typeof measured) => ({
    tuned: report.tuned,
    batch: report.batch,
    threads: report.threads,
    flops: report.flops,
    names: report.candidates.map(({ name }: { name: string }) => name),
  });
  expect(alike(measured)).toEqual(alike(benched));
  for (const { rounds, candidates } of [measured, benched]) {
    expect(rounds).toBeGreaterThanOrEqual(9);
    for (const { ratio } of candidates) {
      expect(ratio.quartiles[0]).toBeLessThanOrEqual(ratio.median);
      expect(ratio.quartiles[1]).toBeGreaterThanOrEqual(ratio.median);
    }
  }
  expect(inspected.macs.dense * 2).toBe(benched.flops.dense);
  const { stdout } = await espalier('bench', 'runs/sparse', '--rounds', '5');
  expect(stdout).toMatch(/^dense .* \d+\.\d\d to \d+\.\d\d× /m);
});
