import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystem } from '@espalier/backend/node';
import { type Checkpoint, EspalierError } from '@espalier/core';
import { readCheckpoint, writeCheckpoint, writeFileAtomic } from '@espalier/core/node';
import { oneShotWoodFisher } from '@espalier/prune-woodfisher';
import { workerExecutor } from '@espalier/prune-woodfisher/node';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** Number 20: whatever the operating system refuses has a code, the path, and a remedy. */
const checkpoint: Checkpoint = {
  format: 'espalier-checkpoint/1',
  method: { name: 'toy', citation: 'none', options: {} },
  clock: { step: 1, position: 1, round: 0 },
  state: null,
  phase: '',
  seed: 0,
  learningRate: null,
  masks: new Map(),
  weights: new Map(),
  slots: [],
  optimizer: null,
  snapshots: new Map(),
  model: null,
  metadata: {},
};
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
  await writeFile(join(directory, 'file'), 'text');
  await mkdir(join(directory, 'folder'));
  await symlink('loop', join(directory, 'loop'));
});
afterEach(() => rm(directory, { recursive: true }));

const paths: readonly (readonly [string, string])[] = [
  ['a path through a file', 'file/below'],
  ['a directory', 'folder'],
  ['a missing directory', 'none/below'],
  ['a name that is too long', 'x'.repeat(300)],
  ['a circle of links', 'loop'],
  ['a null character', 'a\0b'],
];
const works: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  readCheckpoint,
  writeCheckpoint: path => writeCheckpoint(path, checkpoint),
  writeFileAtomic: path => writeFileAtomic(path, Uint8Array.of(1)),
};

it.each(
  Object.entries(works).flatMap(([name, work]) => paths.map(([what, path]) => [name, what, path, work] as const)),
)('%s of %s', async (_, __, path, work) => {
  const full = `${directory}/${path}`;
  const error: unknown = await work(full).catch((refused: unknown) => refused);
  expect(error).toMatchObject({ code: 'FILE_ACCESS', path: full, systemCode: expect.any(String) });
  expect((error as Error).message).toMatch(/^Cannot (read|write) ".*": [^.]+\. [A-Z].*\.$/s);
  expect((error as Error).message).not.toMatch(/\b(E[A-Z]{4,}|ERR_\w+)\b|\0/);
});

it('saving a model of TensorFlow.js past a file', async () => {
  const artifacts = { modelTopology: {}, weightSpecs: [], weightData: new ArrayBuffer(0) };
  const saving = fileSystem(join(directory, 'file', 'model')).save?.(artifacts);
  await expect(saving).rejects.toMatchObject({ code: 'FILE_ACCESS', action: 'create directory' });
});

it('a directory for spilled gradients that is none', async () => {
  const executor = workerExecutor({ threads: 1, spill: join(directory, 'file') });
  expect(oneShotWoodFisher({ sparsity: 0.5, executor }).name).toBe('one-shot-woodfisher');
  const error: unknown = await executor.open(8).catch((refused: unknown) => refused);
  expect(EspalierError.isInstance(error)).toBe(true);
});
