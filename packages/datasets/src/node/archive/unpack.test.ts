import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { temporaryPath } from '@espalier/core/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDamaged } from '../../../test/damage.js';
import { tarGzipOf, tarOf, zipOf } from '../../../test/miniature.js';
import { type UnpackOptions, unpack } from './unpack.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-unpack-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const cache = (): string => join(directory, 'cache');
const unpackedNames = (): string[] =>
  existsSync(join(cache(), 'unpacked')) ? readdirSync(join(cache(), 'unpacked')) : [];

function archive(name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}
const run = (path: string, options: Partial<UnpackOptions> = {}): Promise<string> =>
  unpack(path, { cacheDirectory: cache(), ...options });

const files = { 'a/1.txt': 'one', 'a/b/2.txt': 'x'.repeat(100_000), '3.txt': '' };

describe('unpack', () => {
  it.each([
    ['x.tar', tarOf],
    ['x.tgz', tarGzipOf],
    ['x.zip', async (content: typeof files) => zipOf(content)],
  ])('gives a folder with the files of %s, but not the hidden ones', async (name, make) => {
    const hidden = { ...files, 'a/._1.txt': 'macOS', '__MACOSX/1.txt': 'too' };
    const folder = await run(archive(name, await make(hidden)));
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(path => path.replaceAll(sep, '/'));
    expect(names.sort()).toEqual(['.left-out.json', '3.txt', 'a', 'a/1.txt', 'a/b', 'a/b/2.txt']);
    for (const [path, content] of Object.entries(files)) expect(readFileSync(join(folder, path), 'utf8')).toBe(content);
    expect(unpackedNames().length).toBe(1);
  });

  it('does it once for an archive, and again when the archive has changed', async () => {
    const path = archive('x.zip', zipOf(files));
    const first = await run(path);
    writeFileSync(join(first, 'mark'), '');
    expect(await run(path)).toBe(first);
    expect(existsSync(join(first, 'mark'))).toBe(true);
    utimesSync(path, 1, 1);
    expect(await run(path)).not.toBe(first);
  });

  it('gives the same folder to all who ask at the same time', async () => {
    const path = archive('x.tgz', await tarGzipOf(files));
    const folders = await Promise.all([run(path), run(path), run(path)]);
    expect(new Set(folders).size).toBe(1);
    expect(unpackedNames().length).toBe(1);
  });

  it.each([
    ['x.tgz', async () => (await tarGzipOf(files)).subarray(0, 100)],
    ['x.tar', async () => tarOf({ a: 'file', 'a/b': 'in a file' })],
    ['x.tar', async () => tarOf({ ['n'.repeat(300)]: 'name that no file system takes' })],
    ['x.zip', async () => zipOf(files).subarray(0, 300)],
    ['x.zip', async () => zipOf(files, { 'a/b/2.txt': { size: 5 } })],
    ['x.zip', async () => zipOf(files, { 'a/b/2.txt': { size: 100_001 } })],
    ['x.zip', async () => zipOf(files, { 'a/b/2.txt': { crc: 1 } })],
    ['x.zip', async () => zipOf(files, { 'a/1.txt': { flags: 1 } })],
    ['x.zip', async () => Buffer.from('no zip archive at all')],
  ])('refuses a damaged %s and leaves nothing behind (%#)', async (name, make) => {
    await expect(run(archive(name, await make()))).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    expect(unpackedNames()).toEqual([]);
  });

  it.each([
    ['x.tar', tarOf({ 'a/1': '', '../evil': '' })],
    ['x.zip', zipOf({ 'a/1': '', '../evil': '' })],
    ['x.zip', zipOf({ '/evil': '' })],
    ['x.zip', zipOf({ 'C:/evil': '' })],
    ['x.zip', zipOf({ 'a\\..\\evil': '' })],
    ['x.zip', zipOf({ link: '/etc/passwd' }, { link: { mode: 0o120777 } })],
  ])('refuses an unsafe %s and writes nothing (%#)', async (name, bytes) => {
    await expect(run(archive(name, await bytes))).rejects.toMatchObject({ code: 'UNSAFE_ARCHIVE' });
    expect(unpackedNames()).toEqual([]);
    expect(existsSync(join(cache(), 'evil'))).toBe(false);
  });

  it.each([
    ['x.tgz', tarGzipOf(files)],
    ['x.zip', zipOf(files)],
  ])('stops at each limit of %s', async (name, bytes) => {
    const path = archive(name, await bytes);
    const limits = [{ maximumEntries: 2 }, { maximumEntryBytes: 99_999 }, { maximumTotalBytes: 100_000 }];
    for (const limit of limits) await expect(run(path, limit)).rejects.toMatchObject({ code: 'DATA_TOO_LARGE' });
    expect(unpackedNames()).toEqual([]);
  });

  it.each(['x.tgz', 'x.zip'])('ends when its signal is aborted, and leaves nothing behind (%s)', async name => {
    const signal = AbortSignal.abort(new Error('enough'));
    const bytes = name === 'x.zip' ? zipOf(files) : await tarGzipOf(files);
    await expect(run(archive(name, bytes), { signal })).rejects.toThrow('enough');
    expect(unpackedNames()).toEqual([]);
  });

  it('removes what a process left that has ended, not what one that lives is writing', async () => {
    const path = archive('x.zip', zipOf(files));
    const folder = await run(path);
    rmSync(folder, { recursive: true });
    // No process has a number above 4,194,304, the most that Linux gives out.
    const [dead, alive] = [99_999_999, process.ppid].map(pid =>
      temporaryPath(join(cache(), 'unpacked')).replace(/-\d+-\d+-/, `-${pid}-0-`),
    ) as [string, string];
    for (const left of [dead, alive]) mkdirSync(join(left, 'a'), { recursive: true });
    await run(path);
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });

  it('never throws anything but its own errors for damaged zip archives', async () => {
    const bytes = zipOf({ a: 'abc', 'b/c': 'd'.repeat(600) });
    await readDamaged(bytes, async damaged => {
      try {
        rmSync(await run(archive('x.zip', damaged)), { recursive: true });
      } finally {
        expect(unpackedNames()).toEqual([]);
      }
    });
  });

  it('says so if there is no such file', async () => {
    await expect(run(join(directory, 'none.zip'))).rejects.toMatchObject({ code: 'FILE_ACCESS', systemCode: 'ENOENT' });
  });
});
