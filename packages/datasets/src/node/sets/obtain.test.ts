import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MissingDataError } from '../errors.js';
import { cacheDirectory, dataDirectory } from '../fetch/directories.js';
import { obtain, type Source } from './obtain.js';
import type { LoadProgress, ObtainOptions } from './obtain-options.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-obtain-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  vi.unstubAllEnvs();
});

const online = (): ObtainOptions => ({ dataDirectory: false, cacheDirectory: directory });

describe('downloading a dataset', () => {
  const content = 'the right bytes';
  const source: Source<string> = {
    dataset: 'toy',
    mirrors: ['https://first.example/toy/', 'https://second.example/toy'],
    files: [{ name: 'file.bin', md5: createHash('md5').update(content).digest('hex') }],
    fromFolder: async folder => {
      try {
        return readdirSync(folder).join();
      } catch {
        throw new MissingDataError('toy', [folder], 'Put it there');
      }
    },
  };
  const answering =
    (answer: (url: string) => Response): typeof fetch =>
    async url =>
      answer(String(url));

  it('goes on to the next mirror when one refuses or sends something else, and reports progress', async () => {
    const asked: string[] = [];
    const progress: LoadProgress[] = [];
    const fetch = answering(url => {
      asked.push(url);
      return url.includes('first') ? new Response('wrong') : new Response(content);
    });
    const options = { ...online(), fetch, onProgress: (p: LoadProgress) => progress.push(p) };
    expect(await obtain(source, options)).toBe('file.bin');
    expect(asked).toEqual(['https://first.example/toy/file.bin', 'https://second.example/toy/file.bin']);
    expect(progress.at(-1)).toEqual({ activity: 'download', item: 'file.bin', done: content.length });
  });

  it('says what every mirror answered when all fail', async () => {
    const fetch = answering(() => new Response('', { status: 404 }));
    const attempt = obtain(source, { ...online(), fetch });
    await expect(attempt).rejects.toThrow(MissingDataError);
    await expect(attempt).rejects.toThrow(/first\.example.*404.*second\.example.*404.*Check the network/);
  });

  it('ends when its signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const fetch = answering(() => new Response(content));
    await expect(obtain(source, { ...online(), fetch, signal })).rejects.toThrow('enough');
  });
});

describe('directories', () => {
  it('come from the environment if it says so', () => {
    vi.stubEnv('ESPALIER_CACHE', '/some/cache');
    vi.stubEnv('ESPALIER_DATA', '/some/data');
    expect([cacheDirectory(), dataDirectory()]).toEqual([resolve('/some/cache'), resolve('/some/data')]);
  });

  it('are else the platform cache, and none for data', () => {
    vi.stubEnv('ESPALIER_CACHE', '');
    vi.stubEnv('ESPALIER_DATA', '');
    expect(cacheDirectory()).toMatch(/espalier/);
    expect(dataDirectory()).toBeUndefined();
  });
});
