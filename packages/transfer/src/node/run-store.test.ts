import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCheckpoint } from '@espalier/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prunedUpstream } from '../../test/digit-tasks.js';
import { fileRunStore } from './run-store.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-runs-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('keeps the runs of different seeds apart, and the last two checkpoints of each', async () => {
  const checkpoint = await prunedUpstream();
  const at = (step: number): typeof checkpoint => ({ ...checkpoint, clock: { step, position: step, round: 0 } });
  const store = fileRunStore(directory);
  for (const step of [1, 2, 3]) await store.save(21, at(step));
  await store.save(51, at(9));
  expect((await readdir(directory)).sort()).toEqual(['seed-21', 'seed-51']);
  expect(await readdir(join(directory, 'seed-21'))).toHaveLength(2);
  const found = await fileRunStore(directory).load(21);
  expect(Buffer.compare(encodeCheckpoint(found!), encodeCheckpoint(at(3)))).toBe(0);
  expect(await store.load(81)).toBeUndefined();
});
