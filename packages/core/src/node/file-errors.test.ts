import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CorruptCheckpointError } from '../errors/index.js';
import { FileAccessError, readCheckpoint, systemCodeOf, withFileErrors, writeFileAtomic } from './index.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-errors-'));
  await writeFile(join(directory, 'file'), 'text');
});
afterEach(() => rm(directory, { recursive: true }));

const bytes = Uint8Array.of(1);
const rejection = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => 'not rejected',
    (error: unknown) => error,
  );

it.each([
  ['ENOENT', 'none/file', 'must exist'],
  ['ENOTDIR', 'file/below', 'not a directory'],
  ['EISDIR', '.', 'Name a file'],
  ['ENAMETOOLONG', 'x'.repeat(300), 'shorter'],
  ['ERR_INVALID_ARG_VALUE', 'a\0b', 'null character'],
])('a write refused with %s says so, and leaves nothing behind', async (systemCode, name, remedy) => {
  const path = `${directory}/${name}`;
  const error = await rejection(() => writeFileAtomic(path, bytes));
  expect(error).toBeInstanceOf(FileAccessError);
  expect(error).toMatchObject({ code: 'FILE_ACCESS', action: 'write', path, message: expect.stringContaining(remedy) });
  expect((error as FileAccessError).systemCode).toBe(systemCode);
  expect((error as Error).message).not.toContain('\0');
  expect(await readdir(directory)).toEqual(['file']);
});

it('a circle of links is refused and stays, and a link to nothing is written through', async () => {
  await symlink('loop', join(directory, 'loop'));
  expect(await rejection(() => writeFileAtomic(join(directory, 'loop'), bytes))).toMatchObject({ systemCode: 'ELOOP' });
  await mkdir(join(directory, 'real'));
  await symlink('real/new', join(directory, 'link'));
  await writeFileAtomic(join(directory, 'link'), bytes);
  expect([...(await readFile(join(directory, 'real/new')))]).toEqual([1]);
  expect((await readdir(directory)).sort()).toEqual(['file', 'link', 'loop', 'real']);
});

it.each([
  ['read', () => readFile(join(directory, 'file', 'x')), 'ENOTDIR', 'Cannot read'],
  ['create directory', () => mkdir(join(directory, 'file')), 'EEXIST', 'Cannot create the directory'],
  ['list', () => readdir(join(directory, 'none')), 'ENOENT', 'Cannot list the directory'],
  ['remove', () => rmdir(directory), 'ENOTEMPTY', 'Cannot remove'],
  ['remove', () => rm(directory), 'ERR_FS_EISDIR', 'it is a directory'],
] as const)('%s: what the system refuses becomes a FileAccessError', async (action, work, systemCode, message) => {
  const error = await rejection(() => withFileErrors(directory, action, work as () => Promise<unknown>));
  expect(error).toBeInstanceOf(FileAccessError);
  expect(error).toMatchObject({ action, systemCode, message: expect.stringContaining(message) });
});

it.each([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'EXDEV',
  'EBUSY',
  'EIO',
  'EFBIG',
  'ENOMEM',
  'ESTALE',
])('%s has words and a remedy of its own', async code => {
  const cause = Object.assign(new Error(`${code}: raw words of the system`), { code });
  const error = await rejection(() => withFileErrors('file', 'write', () => Promise.reject(cause)));
  expect(error).toMatchObject({ code: 'FILE_ACCESS', systemCode: code, cause });
  expect((error as Error).message).toMatch(/^Cannot write "file": [^.]+\. [A-Z][^.]+\.$/);
  expect((error as Error).message).not.toContain('raw words');
});

it('passes errors of these packages, abort reasons and slips of the code as they are', async () => {
  const own = new CorruptCheckpointError('x');
  for (const error of [own, new TypeError('slip'), new DOMException('stop', 'AbortError'), 'text', undefined]) {
    expect(await rejection(() => withFileErrors('file', 'read', () => Promise.reject(error)))).toBe(error);
  }
  const wrapped = new FileAccessError('a', 'read', Object.assign(new Error('x'), { code: 'EIO' }));
  expect(await rejection(() => withFileErrors('b', 'write', () => Promise.reject(wrapped)))).toBe(wrapped);
  expect(systemCodeOf(wrapped)).toBe('EIO');
});

it('refuses a path that is no text', async () => {
  for (const path of [undefined, 5, '', Buffer.from('a')]) {
    expect(await rejection(() => writeFileAtomic(path as string, bytes))).toMatchObject({ code: 'INVALID_OPTION' });
    expect(await rejection(() => readCheckpoint(path as string))).toMatchObject({ code: 'INVALID_OPTION' });
  }
});

it('shows no control characters of a path', async () => {
  const error = await rejection(() => readCheckpoint(join(directory, '\u001b[31mred\u009b')));
  expect((error as Error).message).toContain('\\u{1b}[31mred\\u{9b}');
  expect((error as Error).message).not.toMatch(/\p{Cc}/u);
});

it('keeps a directory that may not be written untouched', async context => {
  if (process.getuid?.() === 0) context.skip('root may write everywhere');
  await chmod(directory, 0o500);
  const error = await rejection(() => writeFileAtomic(join(directory, 'file'), bytes));
  await chmod(directory, 0o700);
  expect(error).toMatchObject({ systemCode: 'EACCES' });
});

it('does not wait for the writer of a pipe', async () => {
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  expect(await rejection(() => readCheckpoint(join(directory, 'pipe')))).toMatchObject({ code: 'FILE_ACCESS' });
});

it('writes content given in pieces one after the other', async () => {
  await writeFileAtomic(join(directory, 'file'), [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
  const file = await open(join(directory, 'file'));
  expect([...(await file.readFile())]).toEqual([1, 2, 3]);
  await file.close();
});
