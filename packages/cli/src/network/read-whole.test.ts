import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWhole } from './read-whole.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-whole-'));
  await writeFile(join(folder, 'bytes'), Uint8Array.of(1, 2, 3));
});
afterAll(() => rm(folder, { recursive: true }));

it('reads a file, if it is no longer than may be', async () => {
  expect([...(await readWhole(join(folder, 'bytes'), 3))]).toEqual([1, 2, 3]);
  await expect(readWhole(join(folder, 'bytes'), 2)).rejects.toMatchObject({ limit: 'fileBytes' });
});

it('refuses what is no file, without waiting for its writer', async () => {
  await expect(readWhole(folder)).rejects.toMatchObject({ code: 'FILE_ACCESS', systemCode: 'EISDIR' });
  await expect(readWhole(join(folder, 'absent'))).rejects.toMatchObject({ code: 'FILE_ACCESS', systemCode: 'ENOENT' });
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(readWhole(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
});
