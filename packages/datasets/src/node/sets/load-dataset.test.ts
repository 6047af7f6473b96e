import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MalformedDataError, UnknownDatasetError } from '../../errors.js';
import * as api from '../index.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-load-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  vi.unstubAllEnvs();
});

const nowhere = (): api.ObtainOptions => ({ dataDirectory: false, cacheDirectory: directory, download: false });

/** Four IDX files with `count` images of 2x2 to train on and one to test on. */
function writeMnist(folder: string, compress: boolean, count = 3): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: number[]): void => {
    const data = Uint8Array.from(bytes);
    writeFileSync(join(folder, compress ? `${name}.gz` : name), compress ? gzipSync(data) : data);
  };
  for (const [prefix, images] of [
    ['train', count],
    ['t10k', 1],
  ] as const) {
    const header = [0, 0, 8, 3, 0, 0, 0, images, 0, 0, 0, 2, 0, 0, 0, 2];
    write(`${prefix}-images-idx3-ubyte`, [...header, ...Array(4 * images).fill(images)]);
    write(`${prefix}-labels-idx1-ubyte`, [0, 0, 8, 1, 0, 0, 0, images, ...Array(images).fill(images)]);
  }
}

const record = (label: number): Buffer => Buffer.alloc(3073, label);
const cifarFiles = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];

async function cifarArchive(names: readonly string[]): Promise<Buffer> {
  const packed = pack();
  packed.entry({ name: 'cifar-10-batches-bin/readme.html' }, 'words');
  for (const name of names)
    packed.entry({ name: `cifar-10-batches-bin/${name}.bin` }, record(cifarFiles.indexOf(name)));
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
}

describe('loadDataset', () => {
  it('loads what needs no files', async () => {
    expect((await api.loadDataset('digits')).train.size).toBe(8500);
    const { train, test } = await api.loadDataset('synthetic', { synthetic: { testSize: 7 } });
    expect([train.size, test.size]).toEqual([2000, 7]);
  });

  it('refuses an unknown name with the names that exist', async () => {
    const attempt = api.loadDataset('constructor');
    await expect(attempt).rejects.toThrow(UnknownDatasetError);
    await expect(attempt).rejects.toThrow('Choose one of: digits, mnist, cifar10, synthetic.');
  });

  it.each(['mnist', 'cifar10'])('says where it looked for %s and what to do', async name => {
    const options = { ...nowhere(), dataDirectory: '/no/data' };
    const attempt = api.loadDataset(name, options);
    await expect(attempt).rejects.toMatchObject({ code: 'MISSING_DATA', dataset: name });
    await expect(attempt).rejects.toThrow(join('/no/data', name));
    await expect(attempt).rejects.toThrow(join(directory, name));
    await expect(attempt).rejects.toThrow('Allow the download, or set ESPALIER_DATA');
  });

  it('prefers the data directory to the cache', async () => {
    const data = join(directory, 'data');
    writeMnist(join(data, 'mnist'), true, 2);
    writeMnist(join(directory, 'mnist'), true, 5);
    vi.stubEnv('ESPALIER_DATA', data);
    expect((await api.loadDataset('mnist', { cacheDirectory: directory })).train.size).toBe(2);
    expect((await api.loadDataset('mnist', nowhere())).train.size).toBe(5);
  });
});

describe('MNIST', () => {
  it.each([true, false])('is read from a folder of four files, compressed: %s', async compress => {
    writeMnist(directory, compress);
    const { train, test, normalization } = await api.mnistFromFolder(directory);
    expect([train.name, train.size, train.label(0), test.size, test.label(0)]).toEqual(['mnist/train', 3, 3, 1, 1]);
    expect(train.shape).toEqual([2, 2, 1]);
    expect(normalization.mean).toEqual([0.1307]);
  });

  it('names the file that is missing', async () => {
    writeMnist(directory, true);
    rmSync(join(directory, 't10k-labels-idx1-ubyte.gz'));
    await expect(api.mnistFromFolder(directory)).rejects.toThrow('no t10k-labels-idx1-ubyte.gz');
  });

  it('names the file that is damaged, and does not go on to download', async () => {
    writeMnist(join(directory, 'mnist'), true);
    writeFileSync(join(directory, 'mnist', 'train-images-idx3-ubyte.gz'), Uint8Array.of(0x1f, 0x8b, 8, 0));
    const attempt = api.mnist({ ...nowhere(), download: true });
    await expect(attempt).rejects.toThrow(MalformedDataError);
    await expect(attempt).rejects.toThrow('train-images-idx3-ubyte.gz');
  });
});

describe('CIFAR-10', () => {
  it('is read from the binary archive, from its unpacked files, and from the folder itself', async () => {
    const folders = ['archive', 'unpacked', 'flat'].map(name => join(directory, name));
    mkdirSync(folders[0]!);
    writeFileSync(join(folders[0]!, 'cifar-10-binary.tar.gz'), await cifarArchive(cifarFiles));
    for (const inner of [join(folders[1]!, 'cifar-10-batches-bin'), folders[2]!]) {
      mkdirSync(inner, { recursive: true });
      for (const [label, name] of cifarFiles.entries()) writeFileSync(join(inner, `${name}.bin`), record(label));
    }
    for (const folder of folders) {
      const { train, test } = await api.cifar10FromFolder(folder);
      expect([0, 1, 2, 3, 4].map(i => train.label(i))).toEqual([0, 1, 2, 3, 4]);
      expect([train.size, test.size, test.label(0), test.shape]).toEqual([5, 1, 5, [32, 32, 3]]);
    }
  });

  it('names a file that the archive lacks, or has twice', async () => {
    const path = join(directory, 'cifar-10-binary.tar.gz');
    writeFileSync(path, await cifarArchive(cifarFiles.slice(1)));
    await expect(api.cifar10FromFolder(directory)).rejects.toThrow('data_batch_1.bin is missing');
    writeFileSync(path, await cifarArchive([...cifarFiles, 'test_batch']));
    await expect(api.cifar10FromFolder(directory)).rejects.toThrow('test_batch.bin is in it twice');
  });
});

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toEqual([
    'ChecksumMismatchError',
    'DownloadError',
    'MissingDataError',
    'UnsafeArchiveError',
    'cacheDirectory',
    'cifar10',
    'cifar10FromFolder',
    'dataDirectory',
    'datasetNames',
    'describeDataset',
    'describeTask',
    'download',
    'findImages',
    'imageFolder',
    'imageFolderArchive',
    'imageList',
    'loadDataset',
    'loadImages',
    'loadTask',
    'mnist',
    'mnistFromFolder',
    'taskNames',
  ]);
});
