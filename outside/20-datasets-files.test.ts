import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cifar10FromFolder,
  download,
  imageFolder,
  imageFolderArchive,
  imageList,
  loadDataset,
  loadTask,
  mnistFromFolder,
} from '@espalier/datasets/node';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const content = Buffer.from('what the server has');
const md5 = createHash('md5').update(content).digest('hex');
let server: Server;
let url: string;
let directory: string;
beforeAll(async () => {
  server = createServer((_, response) => response.end(content));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`;
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-20-'));
  await writeFile(join(directory, 'file'), 'a file, no directory');
  await symlink('circle', join(directory, 'circle'));
});
afterEach(() => rm(directory, { recursive: true }));

const long = 'x'.repeat(300);

async function refusal(promise: Promise<unknown>, path: string, ...codes: string[]): Promise<void> {
  const error = await promise.then(
    () => 'resolved',
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'FILE_ACCESS' });
  expect(codes).toContain((error as { systemCode: string }).systemCode);
  expect((error as Error).message).toContain(path);
}

async function imageArchive(): Promise<string> {
  const packed = pack();
  packed.entry(
    { name: 'a/1.png' },
    await sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  );
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  const path = join(directory, 'x.tar');
  await writeFile(path, Buffer.concat(parts));
  return path;
}

describe('download', () => {
  it.each([
    ['below a file', 'file/f', ['ENOTDIR', 'EEXIST']],
    ['below a file, deeper', 'file/a/f', ['ENOTDIR', 'EEXIST']],
    ['to a name that is too long', long, ['ENAMETOOLONG']],
    ['below a circle of links', 'circle/f', ['ELOOP', 'ENOENT', 'EEXIST', 'ENOTDIR']],
  ])('%s is a coded error with the path', async (_, name, codes) => {
    const to = join(directory, name);
    for (const checksum of [{}, { md5 }]) await refusal(download(url, { to, ...checksum }), directory, ...codes);
  });

  it('to a directory is refused before anything is fetched, and leaves nothing', async () => {
    await mkdir(join(directory, 'there'));
    const error = await download(url, { to: join(directory, 'there') }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'FILE_ACCESS', path: join(directory, 'there') });
    expect(await readdir(directory)).toEqual(['circle', 'file', 'there']);
  });

  it('to a file system that takes none is a coded error', async () => {
    await refusal(download(url, { to: '/proc/espalier/f' }), '/proc/espalier', 'ENOENT', 'EACCES', 'EPERM');
    await refusal(download(url, { to: '/proc/espalier/a/f' }), '/proc/espalier', 'ENOENT', 'EACCES', 'EPERM');
  });

  it('to a full disk is a coded error', async () => {
    // Writing to /dev/full fails as a full disk does; a link to it stands in for the part file's destination.
    await symlink('/dev/full', join(directory, 'full'));
    const error = await download(url, { to: join(directory, 'full') }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'FILE_ACCESS', path: join(directory, 'full') });
  });
});

describe('readers', () => {
  it('say which file the system refuses', async () => {
    const below = join(directory, 'file', 'x.tar');
    await refusal(imageFolderArchive(below, { name: 'x', shape: [4, 4, 3] }), below, 'ENOTDIR');
    await refusal(imageFolderArchive(join(directory, 'circle'), { name: 'x', shape: [4, 4, 3] }), 'circle', 'ELOOP');
    await refusal(imageFolder(join(directory, 'none')), 'none', 'ENOENT');
    await refusal(imageFolder(join(directory, 'file')), 'file', 'ENOTDIR');
    const images = [
      { path: 'circle', label: 0 },
      { path: long, label: 0 },
    ];
    const list = imageList({ name: 'x', classes: ['a'], folder: directory, images });
    await refusal(list.read(0), 'circle', 'ELOOP');
    await refusal(list.read(1), long, 'ENAMETOOLONG');
  });

  it('refuse directories and devices where a file has to be, at once', async () => {
    for (const path of [directory, '/dev/zero']) {
      const archive = imageFolderArchive(path, { name: 'x', shape: [4, 4, 3] });
      await expect(archive).rejects.toMatchObject({ code: 'FILE_ACCESS', path });
    }
    const list = imageList({ name: 'x', classes: ['a'], folder: '/dev', images: [{ path: 'zero', label: 0 }] });
    await expect(list.read(0)).rejects.toMatchObject({ code: 'FILE_ACCESS', path: '/dev/zero' });
    await mkdir(join(directory, 'train-images-idx3-ubyte.gz'));
    await expect(mnistFromFolder(directory)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await mkdir(join(directory, 'cifar-10-binary.tar.gz'));
    await expect(cifar10FromFolder(directory)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  });

  it('say that a data directory which is a file has no data', async () => {
    const options = {
      dataDirectory: join(directory, 'file'),
      cacheDirectory: join(directory, 'file'),
      download: false,
    };
    await expect(loadDataset('mnist', options)).rejects.toMatchObject({ code: 'MISSING_DATA' });
    await expect(loadTask('pets', options)).rejects.toMatchObject({ code: 'MISSING_DATA' });
  });
});

describe('caches', () => {
  it('that cannot be made do not fail a load of decoded images, and say so once', async () => {
    const archive = await imageArchive();
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    try {
      for (let time = 0; time < 2; time++) {
        const options = { name: 'x', shape: [4, 4, 3] as const, cacheDirectory: join(directory, 'file') };
        expect((await imageFolderArchive(archive, options)).size).toBe(1);
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    } finally {
      process.off('warning', listen);
    }
    expect(warnings.filter(({ name }) => name === 'EspalierWarning').map(({ message }) => message)).toEqual([
      expect.stringContaining(join(directory, 'file')),
    ]);
  });

  it('that an archive has to be unpacked to are named if they cannot be made', async () => {
    await mkdir(join(directory, 'task'));
    await writeFile(join(directory, 'task', 'annotations.tar.gz'), '');
    const options = { directory: join(directory, 'task'), cacheDirectory: join(directory, 'file') };
    await refusal(loadTask('pets', options), join(directory, 'file'), 'ENOTDIR', 'EEXIST');
  });
});
