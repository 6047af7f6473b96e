import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDamaged } from '../../../test/damage.js';
import { DataTooLargeError, MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { UnsafeArchiveError } from '../errors.js';
import { archiveEntries } from './archive.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-archive-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

async function tar(...entries: Entry[]): Promise<Buffer> {
  const packed = pack();
  for (const { content = '', ...header } of entries) packed.entry(header, content);
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function write(bytes: Uint8Array): string {
  const path = join(directory, 'archive.tar');
  writeFileSync(path, bytes);
  return path;
}

async function readAll(path: string, limits?: ReadLimits, signal?: AbortSignal): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of archiveEntries(path, limits, signal)) found[entry.name] = (await entry.read()).toString();
  return found;
}

const two = [
  { name: 'a/', type: 'directory' },
  { name: './a/one.txt', content: 'one' },
  { name: 'a/two.txt', content: 'x'.repeat(100_000) },
] as const;

describe('archiveEntries', () => {
  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ])('gives the files of a %s archive, not its directories', async (_, compress) => {
    const found = await readAll(write(compress(await tar(...two))));
    expect(found).toEqual({ 'a/one.txt': 'one', 'a/two.txt': 'x'.repeat(100_000) });
  });

  it('skips what is not read, and may be left early', async () => {
    const path = write(gzipSync(await tar(...two, { name: 'last', content: 'end' })));
    const names: string[] = [];
    for await (const { name } of archiveEntries(path)) names.push(name);
    expect(names).toEqual(['a/one.txt', 'a/two.txt', 'last']);
    for await (const { name } of archiveEntries(path)) {
      expect(name).toBe('a/one.txt');
      break;
    }
  });

  it.each([
    { name: '../evil' },
    { name: 'a/../../evil' },
    { name: '/etc/passwd' },
    { name: 'C:/evil' },
    { name: 'a\\..\\evil' },
    { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
    { name: 'hard', type: 'link', linkname: 'a/one.txt' },
    { name: 'device', type: 'character-device' },
    { name: 'pipe', type: 'fifo' },
  ] as Entry[])('refuses $name of type $type', async entry => {
    const attempt = readAll(write(await tar({ name: 'good', content: 'x' }, entry)));
    await expect(attempt).rejects.toThrow(UnsafeArchiveError);
    await expect(attempt).rejects.toMatchObject({ code: 'UNSAFE_ARCHIVE', entry: entry.name });
  });

  it('stops at each limit', async () => {
    const path = write(await tar(...two));
    await expect(readAll(path, { maximumEntries: 2 })).rejects.toThrow(DataTooLargeError);
    await expect(readAll(path, { maximumEntryBytes: 99_999 })).rejects.toThrow(DataTooLargeError);
    await expect(readAll(path, { maximumTotalBytes: 99_999 })).rejects.toThrow(DataTooLargeError);
    expect(Object.keys(await readAll(path, { maximumEntries: 3, maximumEntryBytes: 100_000 })).length).toBe(2);
  });

  it('stops a gzip bomb at the limit instead of unpacking it', async () => {
    const bomb = gzipSync(await tar({ name: 'zeros', content: Buffer.alloc(40_000_000) }));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(readAll(write(bomb), { maximumTotalBytes: 1_000_000 })).rejects.toThrow(DataTooLargeError);
  });

  it('notices an archive that is cut short, plain or gzip', async () => {
    const plain = await tar(...two);
    await expect(readAll(write(plain.subarray(0, 50_000)))).rejects.toThrow(MalformedDataError);
    const packed = gzipSync(plain);
    await expect(readAll(write(packed.subarray(0, packed.length - 9)))).rejects.toThrow(MalformedDataError);
  });

  it('never throws anything but its own errors for damaged archives', async () => {
    const bytes = await tar({ name: 'a', content: 'abc' }, { name: 'b', content: 'd'.repeat(600) });
    await readDamaged(bytes, damaged => readAll(write(damaged)));
  });

  it('says so if there is no such file', async () => {
    await expect(readAll(join(directory, 'none'))).rejects.toMatchObject({ code: 'FILE_ACCESS', systemCode: 'ENOENT' });
  });

  it('ends when its signal is aborted', async () => {
    const controller = new AbortController();
    const path = write(await tar(...two));
    const reading = (async () => {
      for await (const _ of archiveEntries(path, {}, controller.signal)) controller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
  });
});
