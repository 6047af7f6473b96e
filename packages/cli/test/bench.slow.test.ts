import { readCheckpoint, writeCheckpoint } from '@espalier/core/node';
import { expect, it } from 'vitest';
import { programForTests, quick } from './program.js';

const { espalier, json, path } = programForTests();

it('benches what was trained: both plans and TensorFlow.js give the same, and every setting is told', async () => {
  await json(['train', ...quick, '--steps', '30', '--out', 'to-bench']);
  const bench = ['bench', 'to-bench/model.safetensors', '--rounds', '3'];
  const report = await json([...bench, '--threads', '1', '--batch', '2', '--instructions', 'simd', '--per-layer']);
  expect(report).toMatchObject({
    command: 'bench',
    checkpoint: 'to-bench/model.safetensors',
    leftOut: [],
    threads: 1,
    batch: 2,
    rounds: 3,
    tuned: true,
    instructions: 'simd',
    sparsity: { prunable: 0, all: 0 },
    flops: { dense: 532_400 },
    machine: { processor: expect.any(String), cores: expect.any(Number), node: process.versions.node },
    candidates: ['sparse', 'dense', 'tfjs-wasm'].map(name => ({
      name,
      threads: 1,
      what: expect.any(String),
      milliseconds: { median: expect.any(Number), minimum: expect.any(Number) },
      ratio: { median: expect.any(Number), minimum: expect.any(Number) },
      difference: expect.any(Number),
    })),
    layers: expect.arrayContaining([expect.objectContaining({ kind: 'dense', sparse: expect.any(Number) })]),
  });

  const { exitCode, stdout, stderr } = await espalier(bench);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^tfjs-wasm +1 .*×/m);
  expect(stderr).toContain('Compiling the sparse network.');
});

it('stops a bench on SIGINT and exits with 130', async () => {
  await json(['train', ...quick, '--steps', '10', '--out', 'long-bench']);
  const args = ['bench', 'long-bench/model.safetensors', '--rounds', '1000000', '--threads', '2', '--json'];
  const { exitCode, stdout, stderr } = await espalier(args, 'Timing');
  expect({ exitCode, output: JSON.parse(stdout) }).toEqual({
    exitCode: 130,
    output: { command: 'bench', reason: 'aborted' },
  });
  expect(stderr).toContain('Stopping.');
});

it('refuses to bench a checkpoint without topology, but inspects it', async () => {
  await json(['train', ...quick, '--steps', '10', '--out', 'bare']);
  const checkpoint = await readCheckpoint(path('bare/model.safetensors'));
  await writeCheckpoint(path('bare.safetensors'), { ...checkpoint, model: null });
  const { exitCode, stdout, stderr } = await espalier(['bench', 'bare.safetensors', '--json']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/CHECKPOINT_MISMATCH: .*no topology.*session\.checkpoint\(\{ model \}\)/);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CHECKPOINT_MISMATCH' } });
  expect(await json(['inspect', 'bare.safetensors'])).toMatchObject({
    measured: null,
    unmeasured: expect.stringMatching(/^CHECKPOINT_MISMATCH/),
    prunable: { entries: 266_200 },
  });
});
