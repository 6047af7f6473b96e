import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tinyCheckpoint } from '../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError } from '../errors/index.js';
import { FileAccessError, readCheckpoint, writeCheckpoint, writeFileAtomic } from './index.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-checkpoint-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** What a promise is rejected with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not rejected',
    (error: unknown) => error,
  );

it('reads back what was written and leaves no other file', async () => {
  const path = join(directory, 'last.safetensors');
  await writeCheckpoint(path, { ...tinyCheckpoint(), phase: 'older' });
  await writeCheckpoint(path, tinyCheckpoint());
  expect(await readCheckpoint(path)).toEqual(tinyCheckpoint());
  expect(await readdir(directory)).toEqual(['last.safetensors']);
});

it('lets concurrent writers each write a whole file', async () => {
  const path = join(directory, 'shared');
  const contents = Array.from({ length: 20 }, (_, writer) => new Uint8Array(100_000).fill(writer));
  await Promise.all(contents.map(bytes => writeFileAtomic(path, bytes)));
  const found = await readFile(path);
  expect(found.length).toBe(100_000);
  expect(new Set(found).size).toBe(1);
  expect(await readdir(directory)).toEqual(['shared']);
});

it('keeps the old file and removes its temporary one when it fails', async () => {
  const path = join(directory, 'target');
  await mkdir(path); // a file cannot be renamed over a directory
  const error = await rejection(writeFileAtomic(path, Uint8Array.of(1)));
  expect(error).toBeInstanceOf(FileAccessError);
  expect(error).toMatchObject({ code: 'FILE_ACCESS', path, action: 'write', systemCode: 'EISDIR' });
  expect(await readdir(directory)).toEqual(['target']);
  expect((await stat(path)).isDirectory()).toBe(true);
});

it('writes nothing when the checkpoint contradicts itself', async () => {
  const path = join(directory, 'bad');
  expect(await rejection(writeCheckpoint(path, { ...tinyCheckpoint(), seed: Number.NaN }))).toBeInstanceOf(
    CorruptCheckpointError,
  );
  expect(await readdir(directory)).toEqual([]);
});

it('writes through a symbolic link and leaves the link in place', async () => {
  await writeFile(join(directory, 'real'), 'old');
  await symlink('real', join(directory, 'link'));
  await writeFileAtomic(join(directory, 'link'), new TextEncoder().encode('new'));
  expect(await readFile(join(directory, 'real'), 'utf8')).toBe('new');
  expect((await readdir(directory)).sort()).toEqual(['link', 'real']);
});

it('names a missing file or directory and keeps the cause', async () => {
  const path = join(directory, 'missing', 'file');
  for (const attempt of [readCheckpoint(path), writeCheckpoint(path, tinyCheckpoint())]) {
    const error = await rejection(attempt);
    expect(error).toBeInstanceOf(FileAccessError);
    expect(error).toMatchObject({ path, systemCode: 'ENOENT', cause: { code: 'ENOENT' } });
    expect((error as Error).message).toContain(`"${path}": there is no such file or directory.`);
  }
});

it('names the path of a damaged file once', async () => {
  const path = join(directory, 'damaged');
  await writeCheckpoint(path, tinyCheckpoint());
  await truncate(path, 1000);
  const error = await rejection(readCheckpoint(path));
  expect(error).toBeInstanceOf(CorruptCheckpointError);
  expect((error as Error).message.split(path)).toHaveLength(2);
  expect((error as Error).message.split('not a usable checkpoint')).toHaveLength(2);
});

it('refuses a file over the limit before it reads it', async () => {
  const path = join(directory, 'huge');
  await writeFile(path, '');
  await truncate(path, 2 ** 31); // sparse: takes no room on disk
  expect(await rejection(readCheckpoint(path))).toMatchObject({ message: expect.stringContaining('2147483648 bytes') });
  await writeCheckpoint(path, tinyCheckpoint());
  const { size } = await stat(path);
  await expect(readCheckpoint(path, { fileBytes: size })).resolves.toEqual(tinyCheckpoint());
  expect(await rejection(readCheckpoint(path, { fileBytes: size - 1 }))).toBeInstanceOf(CorruptCheckpointError);
});

it('refuses directories and devices', async () => {
  expect(await rejection(readCheckpoint(directory))).toBeInstanceOf(FileAccessError);
  expect(await rejection(readCheckpoint('/dev/null'))).toMatchObject({
    message: expect.stringContaining('regular file'),
  });
});
