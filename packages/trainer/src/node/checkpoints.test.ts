import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkpoint } from '@espalier/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { latestCheckpoint } from './latest-checkpoint.js';
import { saveCheckpoint } from './save-checkpoint.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-checkpoints-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (step: number): Checkpoint => ({
  format: 'espalier-checkpoint/1',
  method: { name: 'toy', citation: 'none', options: {} },
  clock: { step, position: step, round: 0 },
  state: null,
  phase: '',
  seed: 0,
  learningRate: null,
  masks: new Map([['kernel', Uint8Array.of(1, 0)]]),
  weights: new Map([['kernel', { shape: [2], values: Float32Array.of(step, 0), trainable: true }]]),
  slots: [],
  optimizer: null,
  snapshots: new Map(),
  model: null,
  metadata: {},
});
const names = async (): Promise<string[]> => (await readdir(directory)).sort();

it('finds the checkpoint with the highest step, not the one written last', async () => {
  await saveCheckpoint(directory, at(9));
  await saveCheckpoint(directory, at(10));
  await saveCheckpoint(directory, at(10_000_000_000));
  await utimes(join(directory, 'checkpoint-0000000009.safetensors'), new Date(), new Date());
  expect((await latestCheckpoint(directory))?.checkpoint.clock.step).toBe(10_000_000_000);
});

it('keeps the given number of checkpoints, the latest ones', async () => {
  for (const step of [5, 10, 15, 20]) await saveCheckpoint(directory, at(step), { keep: 2 });
  expect(await names()).toEqual(['checkpoint-0000000015.safetensors', 'checkpoint-0000000020.safetensors']);
});

it('gives nothing for a directory that is empty or does not exist', async () => {
  expect(await latestCheckpoint(directory)).toBeUndefined();
  expect(await latestCheckpoint(join(directory, 'none'))).toBeUndefined();
});

it('passes over a damaged file with a warning, sets it aside, and goes on saving', async () => {
  for (const step of [1, 2, 3]) await saveCheckpoint(directory, at(step));
  const newest = join(directory, 'checkpoint-0000000003.safetensors');
  await writeFile(newest, (await readFile(newest)).subarray(0, -4));
  const onWarning = vi.fn();
  expect((await latestCheckpoint(directory, { onWarning }))?.checkpoint.clock.step).toBe(2);
  expect(onWarning).toHaveBeenCalledExactlyOnceWith({
    path: `${newest}.corrupt`,
    error: expect.objectContaining({ code: 'CORRUPT_CHECKPOINT' }),
  });
  await saveCheckpoint(directory, at(3));
  expect((await latestCheckpoint(directory))?.checkpoint.clock.step).toBe(3);
});

it('throws each time, and moves nothing, if all checkpoints are damaged', async () => {
  await writeFile(join(directory, 'checkpoint-0000000003.safetensors'), 'nonsense');
  const error = { code: 'CORRUPT_CHECKPOINT' };
  await expect(latestCheckpoint(directory)).rejects.toMatchObject(error);
  await expect(latestCheckpoint(directory)).rejects.toMatchObject(error);
});

it('ignores files that are not numbered checkpoints', async () => {
  await writeFile(join(directory, '.espalier-00000000-0000-0000-0000-000000000000.tmp'), 'half a che');
  await writeFile(join(directory, 'checkpoint-7.safetensors'), 'mine');
  await writeFile(join(directory, 'notes.txt'), 'mine');
  expect(await latestCheckpoint(directory)).toBeUndefined();
});

it('removes what a killed process left half-written, and nothing that was written since', async () => {
  const [old, own] = ['0', '1'].map(digit => `.espalier-00000000-0000-0000-0000-00000000000${digit}.tmp`);
  for (const name of [old!, own!]) await writeFile(join(directory, name), 'half a che');
  await utimes(join(directory, old!), new Date(0), new Date(0));
  await saveCheckpoint(directory, at(1));
  expect(await names()).toEqual([own, 'checkpoint-0000000001.safetensors']);
});

it('refuses to save where another run has come further, and leaves its checkpoint alone', async () => {
  await saveCheckpoint(directory, at(20));
  await expect(saveCheckpoint(directory, at(5))).rejects.toMatchObject({ code: 'LATER_CHECKPOINT', step: 5 });
  expect(await names()).toEqual(['checkpoint-0000000020.safetensors']);
});

it.each([0, 1.5, Number.NaN])('refuses to keep %d checkpoints', async keep => {
  await expect(saveCheckpoint(directory, at(1), { keep })).rejects.toMatchObject({ option: 'keep' });
  expect(await names()).toEqual([]);
});
