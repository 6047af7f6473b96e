import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier } = commandForTests();
const quick = [
  '--dataset',
  'synthetic',
  '--model',
  'smallConvNet',
  '--steps',
  '8',
  '--sparsity',
  '0.5',
  '--backend',
  'wasm',
];

it('leaves what is excepted dense, says so, and keeps to it when the run goes on', async () => {
  const args = ['prune', ...quick, '--except', 'conv1/kernel,/^logits/', '--out', 'run'];
  const { exitCode, stdout, stderr } = await espalier(...args, '--json');
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('Not pruned: conv1/kernel (left dense), logits/kernel (left dense).');
  expect(JSON.parse(stdout).dense.map(({ name }: { name: string }) => name)).toEqual(['conv1/kernel', 'logits/kernel']);
  const inspected = JSON.parse((await espalier('inspect', 'run', '--no-measure', '--json')).stdout);
  expect(inspected.layers.map(({ name, dense }: { name: string; dense: string | null }) => [name, dense])).toEqual([
    ['conv1/kernel', 'left dense'],
    ['conv2/kernel', null],
    ['hidden/kernel', null],
    ['logits/kernel', 'left dense'],
  ]);
  const other = await espalier('prune', '--resume', '--out', 'run', '--except', 'conv2/kernel');
  expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('except') });
});

it('refuses names that no weight has, and patterns that are none', async () => {
  const unknown = await espalier('prune', ...quick, '--include', 'conv9/kernel', '--out', 'unknown');
  expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^UNKNOWN_LAYER: .*conv9\/kernel/m) });
  const broken = await espalier('prune', ...quick, '--except', '/(/', '--out', 'broken');
  expect(broken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('not a regular expression') });
});
