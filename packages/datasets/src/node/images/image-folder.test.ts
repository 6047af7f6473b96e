import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InvalidOptionError } from '@espalier/core';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset } from '../../batch/dataset.js';
import { MalformedDataError } from '../../errors.js';
import { imageFolderArchive } from './image-folder.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-images-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Color = readonly [number, number, number];

/** A PNG of 4x5 pixels of one color, whose first pixel is white. */
async function png([red, green, blue]: Color, width = 5): Promise<Buffer> {
  const pixels = Buffer.alloc(4 * width * 3);
  for (let i = 0; i < pixels.length; i += 3) pixels.set(i === 0 ? [255, 255, 255] : [red, green, blue], i);
  return sharp(pixels, { raw: { height: 4, width, channels: 3 } })
    .png()
    .toBuffer();
}

async function archive(files: Record<string, Buffer>): Promise<string> {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name }, content);
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  const path = join(directory, 'images.tar.gz');
  writeFileSync(path, gzipSync(Buffer.concat(parts)));
  return path;
}

/** Second pixel of every image, with its label. */
function summary(dataset: Dataset): [number, number[]][] {
  const image = new Float32Array(4 * 5 * dataset.shape[2]);
  return Array.from({ length: dataset.size }, (_, index) => {
    dataset.copyImage(index, image, 0);
    const channels = dataset.shape[2];
    return [dataset.label(index), [...image.subarray(channels, 2 * channels)].map(value => Math.round(value * 255))];
  });
}

const options = { name: 'test', shape: [4, 5, 3] as const };

describe('imageFolderArchive', () => {
  const files = async (): Promise<Record<string, Buffer>> => ({
    'train/zebra/2.png': await png([1, 2, 3]),
    'train/zebra/._2.png': Buffer.from('what macOS adds'),
    'train/ant/9.png': await png([4, 5, 6]),
    'train/ant/1.png': await png([7, 8, 9]),
    README: Buffer.from('not in a folder'),
  });

  it('takes classes from folders and orders images by path, whatever the order in the archive', async () => {
    const dataset = await imageFolderArchive(await archive(await files()), { ...options, cacheDirectory: false });
    expect(dataset.classes).toEqual(['ant', 'zebra']);
    expect(summary(dataset)).toEqual([
      [0, [7, 8, 9]],
      [0, [4, 5, 6]],
      [1, [1, 2, 3]],
    ]);
  });

  it('keeps the given order of classes, and refuses a folder that is none', async () => {
    const path = await archive(await files());
    const cached = { ...options, cacheDirectory: directory };
    expect(summary(await imageFolderArchive(path, cached)).map(([label]) => label)).toEqual([0, 0, 1]);
    const other = await imageFolderArchive(path, { ...cached, classes: ['zebra', 'ant'] });
    expect(summary(other).map(([label]) => label)).toEqual([1, 1, 0]);
    await expect(imageFolderArchive(path, { ...cached, classes: ['ant'] })).rejects.toThrow('folder "zebra"');
  });

  it('takes the first of each class if asked for a few', async () => {
    const path = await archive(await files());
    const dataset = await imageFolderArchive(path, { ...options, maximumPerClass: 1, cacheDirectory: directory });
    expect(summary(dataset)).toEqual([
      [0, [4, 5, 6]],
      [1, [1, 2, 3]],
    ]);
    expect((await imageFolderArchive(path, { ...options, cacheDirectory: directory })).size).toBe(3);
  });

  it('makes one channel gray', async () => {
    const path = await archive({ 'a/1.png': await png([50, 50, 50]) });
    const dataset = await imageFolderArchive(path, { name: 'gray', shape: [4, 5, 1], cacheDirectory: false });
    expect(summary(dataset)).toEqual([[0, [50]]]);
  });

  it('reads decoded images from the cache, and decodes again if the cache is damaged', async () => {
    const path = await archive(await files());
    const cached = { ...options, cacheDirectory: directory };
    let decoded = 0;
    const read = (): Promise<Dataset> => {
      decoded = 0;
      return imageFolderArchive(path, {
        ...cached,
        onProgress: count => {
          decoded = count;
        },
      });
    };
    const first = summary(await read());
    expect(decoded).toBe(3);
    expect(summary(await read())).toEqual(first);
    expect(decoded).toBe(0);
    const [name, ...more] = readdirSync(join(directory, 'decoded'));
    expect(more).toEqual([]);
    const file = join(directory, 'decoded', name!);
    const whole = readFileSync(file);
    for (const damaged of [
      whole.subarray(0, whole.length - 1),
      Buffer.from(whole).fill(9, whole.length - 3),
      Buffer.alloc(0),
      Buffer.from(whole).fill(8, 60, 61),
    ]) {
      writeFileSync(file, damaged);
      expect(summary(await read())).toEqual(first);
      expect(decoded).toBe(3);
      expect(readFileSync(file).equals(whole)).toBe(true);
    }
  });

  it.each([
    ['an image of another size', async () => ({ 'a/1.png': await png([0, 0, 0], 6) })],
    ['something that is no image', async () => ({ 'a/1.png': Buffer.from('no image at all') })],
    ['an image cut short', async () => ({ 'a/1.png': (await png([1, 2, 3])).subarray(0, 60) })],
    ['no image', async () => ({ README: Buffer.from('x') })],
  ])('refuses %s', async (_, make) => {
    const path = await archive(await make());
    await expect(imageFolderArchive(path, { ...options, cacheDirectory: false })).rejects.toThrow(MalformedDataError);
  });

  it('refuses to take no image of a class', async () => {
    await expect(imageFolderArchive('none', { ...options, maximumPerClass: 0 })).rejects.toThrow(InvalidOptionError);
  });
});
