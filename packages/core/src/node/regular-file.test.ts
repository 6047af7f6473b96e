import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRegularFile } from './regular-file.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-regular-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  [0, 2, [1, 2]],
  [1, 2, [2, 3]],
  [2, 5, [3]], // the file ends before
  [3, 1, []],
  [0, 0, []],
])('from byte %i there are %i', async (position, length, expected) => {
  const path = join(folder, 'three');
  await writeFile(path, Uint8Array.of(1, 2, 3));
  const file = await openRegularFile(path);
  try {
    expect([...file.read(position, length)]).toEqual(expected);
  } finally {
    await file.close();
  }
});

it.runIf(process.platform !== 'win32')('a pipe without a writer is refused and not waited for', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(openRegularFile(join(folder, 'pipe'))).rejects.toMatchObject({
    code: 'FILE_ACCESS',
    systemCode: 'ERR_NOT_REGULAR_FILE',
    message: expect.stringContaining('it is a pipe or a device. Name a regular file.'),
  });
});

it('a directory is refused, and what is not there', async () => {
  await expect(openRegularFile(folder)).rejects.toMatchObject({ systemCode: 'EISDIR' });
  await expect(openRegularFile(join(folder, 'no'))).rejects.toMatchObject({ systemCode: 'ENOENT' });
});
