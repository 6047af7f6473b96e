import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, hangUpAfter, send, serveEachTest, server } from '../../../test/download-server.js';
import { contentOf, photographs, tarGzipOf, writeFiles } from '../../../test/miniature.js';
import { taskDirectory } from '../../../test/task-folder.js';
import { UnknownDatasetError } from '../../errors.js';
import { describeTask, loadTask, taskNames } from './load-task.js';
import type { TaskOptions } from './task.js';

const directory = taskDirectory();

describe('describeTask', () => {
  // docs/methods/transfer.md (Tasks); learning rates from its full protocol
  it.each([
    ['sun397', 397, 19_850, 19_850, 'top-1', 0.001],
    ['aircraft', 100, 6667, 3333, 'mean-per-class', 0.01],
    ['birdsnap', 500, 32_677, 8171, 'top-1', 0.001],
    ['caltech101', 101, 3030, 5647, 'mean-per-class', 0.001],
    ['caltech256', 257, 15_420, 15_187, 'mean-per-class', 0.001],
    ['cars', 196, 8144, 8041, 'top-1', 0.01],
    ['cifar10', 10, 50_000, 10_000, 'top-1', 0.001],
    ['cifar100', 100, 50_000, 10_000, 'top-1', 0.001],
    ['dtd', 47, 3760, 1880, 'top-1', 0.001],
    ['flowers102', 102, 2040, 6149, 'mean-per-class', 0.001],
    ['food101', 101, 75_750, 25_250, 'top-1', 0.001],
    ['pets', 37, 3680, 3669, 'mean-per-class', 0.001],
  ] as const)('knows %s', (name, classCount, trainSize, testSize, metric, learningRateFull) => {
    expect(describeTask(name)).toMatchObject({ name, classCount, trainSize, testSize, metric, learningRateFull });
  });

  it('knows twelve tasks, whose names are theirs, and no other', async () => {
    expect(taskNames.map(name => describeTask(name).name)).toEqual(taskNames);
    expect(taskNames.length).toBe(12);
    expect(() => describeTask('constructor')).toThrow(UnknownDatasetError);
    await expect(loadTask('imagenet')).rejects.toThrow('Choose one of: aircraft, birdsnap');
  });

  it('gives addresses of files for all but the two that are not given out any more', () => {
    const without = taskNames.filter(name => describeTask(name).downloads.length === 0);
    expect(without).toEqual(['birdsnap', 'cars']);
    expect(describeTask('sun397').downloads).toEqual([
      'https://vision.princeton.edu/projects/2010/SUN/download/Partitions.zip',
      'https://vision.princeton.edu/projects/2010/SUN/SUN397.tar.gz',
    ]);
  });
});

describe('loadTask', () => {
  it.each([[{ split: 'random' }], [{ splitSeed: -1 }], [{ splitSeed: 0.5 }], [{ fold: 11 }]])(
    'refuses %j',
    async change => {
      const options = directory.options(change as TaskOptions);
      await expect(loadTask('caltech101', options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    },
  );

  it('ends when its signal is aborted', async () => {
    const options = directory.options({ signal: AbortSignal.abort(new Error('enough')) });
    await expect(loadTask('pets', options)).rejects.toThrow('enough');
  });
});

describe('downloading a task', () => {
  let archive: Buffer;
  serveEachTest();
  beforeEach(async () => {
    const data = 'fgvc-aircraft-2013b/data';
    archive = await tarGzipOf({
      ...(await photographs([`${data}/images/1.jpg`, `${data}/images/2.jpg`], 21, 8)),
      [`${data}/variants.txt`]: 'A340\n',
      [`${data}/images_variant_trainval.txt`]: '1 A340\n',
      [`${data}/images_variant_test.txt`]: '2 A340\n',
    });
  });

  /** Below the server's directory, where it sees what has been written. */
  const cache = (): string => join(server.directory, 'cache');
  const online = (change: TaskOptions = {}): TaskOptions =>
    directory.options({ download: true, cacheDirectory: cache(), mirrors: [`${server.url}/files`], ...change });
  const cached = (): string[] => {
    const folder = join(cache(), 'aircraft');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  /** The archive, or what is left of it, cut after `count` bytes. */
  const upTo =
    (count: number, promised = true): Answer =>
    (request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const range = { 'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}` };
      const length = promised ? { 'content-length': archive.length - start } : {};
      response.writeHead(start > 0 ? 206 : 200, { etag: '"v1"', ...length, ...(start > 0 ? range : {}) });
      const bytes = archive.subarray(start, count);
      if (promised && count < archive.length) response.write(bytes, () => hangUpAfter(response, count));
      else response.end(bytes);
    };

  it('follows redirects, goes on after a dropped connection, unpacks, and asks no server the next time', async () => {
    server.answers = [send(302, { location: '/elsewhere' }), upTo(200), upTo(archive.length)];
    const activities = new Set<string>();
    const first = await loadTask('aircraft', online({ onProgress: ({ activity }) => activities.add(activity) }));
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/files/fgvc-aircraft-2013b.tar.gz',
      '/elsewhere',
      '/files/fgvc-aircraft-2013b.tar.gz',
    ]);
    expect(server.requests[2]!.headers.range).toBe('bytes=200-');
    expect(await contentOf(first.test)).toEqual([[0, 1]]);
    expect(activities).toEqual(new Set(['download', 'unpack']));
    const again = await loadTask('aircraft', online());
    expect([server.requests.length, again.test.size]).toEqual([3, 1]);
  });

  it('does not keep an archive that was cut unnoticed, so that the next call gets it whole', async () => {
    server.answers = [upTo(200, false), upTo(archive.length)];
    await expect(loadTask('aircraft', online())).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    expect(cached()).toEqual([]);
    expect((await loadTask('aircraft', online())).train.size).toBe(1);
  });

  it('never deletes an archive of yours, however damaged', async () => {
    const mine = { 'fgvc-aircraft-2013b.tar.gz': archive.subarray(0, 200) };
    await expect(directory.load('aircraft', mine)).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    writeFiles(join(directory.path(), 'data', 'aircraft'), mine);
    await expect(loadTask('aircraft', online())).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
    for (const folder of ['mine', 'data/aircraft']) expect(readdirSync(join(directory.path(), folder)).length).toBe(1);
    expect(server.requests.length).toBe(0);
  });

  it('does not believe a server that sends another file', async () => {
    server.answers = [send(200, {}, archive)];
    const attempt = loadTask('caltech256', online());
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA' });
    await expect(attempt).rejects.toThrow(/md5 checksum [0-9a-f]{32} instead of 67b4f42ca05d46448c6bb8ecd2220f6d/);
    expect(readdirSync(join(cache(), 'caltech256'))).toEqual([]);
  });

  it('says what the server answered when it refuses', async () => {
    server.answers = [send(404)];
    const attempt = loadTask('aircraft', online());
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA' });
    await expect(attempt).rejects.toThrow('the server answered 404');
  });

  it('is not tried if it is not allowed', async () => {
    await expect(loadTask('aircraft', online({ download: false }))).rejects.toThrow('Allow the download');
    expect(server.requests.length).toBe(0);
  });
});
