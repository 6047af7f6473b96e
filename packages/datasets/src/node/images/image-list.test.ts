import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Files, photograph, writeFiles } from '../../../test/miniature.js';
import { MalformedDataError } from '../../errors.js';
import type { ImageFiles } from '../../image/decoded-image.js';
import { imageList } from './image-list.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-list-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function list(files: Files, cutBottom?: number): ImageFiles {
  writeFiles(folder, files);
  const images = Object.keys(files).map((path, label) => ({ path, label }));
  const classes = images.map(({ path }) => path);
  return imageList({ name: 'test', classes, folder, images, ...(cutBottom === undefined ? {} : { cutBottom }) });
}

const made = (channels: 3 | 4, format: 'png' | 'jpeg' | 'gif') =>
  sharp({ create: { height: 2, width: 3, channels, background: { r: 200, g: 100, b: 50, alpha: 0.5 } } })
    .toFormat(format, { quality: 100 })
    .toBuffer();

describe('imageList', () => {
  it('decodes JPEG, PNG and GIF by content, whatever the name', async () => {
    const files = list({
      'a.jpg': await made(3, 'jpeg'),
      'b.jpg': await made(3, 'png'),
      'c.jpg': await made(3, 'gif'),
    });
    for (let index = 0; index < 3; index++) {
      const { height, width, pixels } = await files.read(index);
      expect([height, width, pixels.length]).toEqual([2, 3, 18]);
      [200, 100, 50].forEach((value, i) => {
        expect(Math.abs(pixels[i]! - value)).toBeLessThan(5);
      });
    }
    expect([files.size, files.label(2), files.path(2)]).toEqual([3, 2, join(folder, 'c.jpg')]);
  });

  it('drops transparency and makes gray three channels', async () => {
    const gray = await sharp(Buffer.from([7, 9]), { raw: { height: 1, width: 2, channels: 1 } })
      .png()
      .toBuffer();
    const files = list({ gray, clear: await made(4, 'png') });
    expect([...(await files.read(0)).pixels]).toEqual([7, 7, 7, 9, 9, 9]);
    expect([...(await files.read(1)).pixels.subarray(0, 3)]).toEqual([200, 100, 50]);
  });

  it('does not turn images by their orientation tag, as Pillow does not', async () => {
    const turned = await sharp(await made(3, 'png'))
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { height, width } = await list({ turned }).read(0);
    expect([height, width]).toEqual([2, 3]);
  });

  it('cuts rows off the bottom, and refuses to cut all', async () => {
    const files = { a: await photograph(5, 6, 8), b: await photograph(5, 4, 8) };
    const cut = list(files, 4);
    expect(await cut.read(0)).toMatchObject({ height: 2, width: 8, pixels: { length: 48 } });
    await expect(cut.read(1)).rejects.toThrow('4 rows, 4 are cut off');
  });

  it('says which file is damaged, cut short, or gone', async () => {
    const jpeg = await sharp(await photograph(5, 64, 64))
      .jpeg()
      .toBuffer();
    const files = list({ text: 'no image', short: jpeg.subarray(0, 200), gone: '', none: '' });
    rmSync(join(folder, 'gone'));
    for (const index of [0, 1, 3]) {
      await expect(files.read(index)).rejects.toThrow(MalformedDataError);
      await expect(files.read(index)).rejects.toThrow(files.path(index));
    }
    await expect(files.read(2)).rejects.toMatchObject({ code: 'MISSING_DATA', looked: [join(folder, 'gone')] });
  });

  it('refuses a label that is no class', () => {
    const images = [{ path: 'a', label: 1 }];
    expect(() => imageList({ name: 'x', classes: ['only'], folder, images })).toThrow(MalformedDataError);
  });
});
