import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomResizedCrop, resizeAndCrop, streamBatches, streamSequentialBatches } from '@espalier/datasets';
import { imageFolder } from '@espalier/datasets/node';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-images-'));
  await mkdir(join(directory, 'mine'));
});
afterEach(() => rm(directory, { recursive: true }));

const orange = { r: 200, g: 100, b: 50 };
const plain = (width = 8, height = 6): Sharp => sharp({ create: { width, height, channels: 3, background: orange } });

const gray = (): Sharp =>
  sharp({ create: { width: 8, height: 6, channels: 3, background: { r: 124, g: 124, b: 124 } } });

it.each<[string, () => Promise<Buffer>, readonly number[], number]>([
  [
    'turned by EXIF, which is not followed',
    () => plain().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    [200, 100, 50],
    2,
  ],
  ['CMYK', () => plain().toColourspace('cmyk').jpeg().toBuffer(), [200, 100, 50], 40],
  ['16 bits', () => plain().toColourspace('rgb16').png().toBuffer(), [200, 100, 50], 1],
  ['16 bits of gray', () => gray().grayscale().toColourspace('grey16').png().toBuffer(), [124, 124, 124], 1],
  ['gray', () => gray().grayscale().png().toBuffer(), [124, 124, 124], 1],
  ['transparent', () => plain().ensureAlpha(0.2).png().toBuffer(), [200, 100, 50], 1],
  ['a palette', () => plain().png({ palette: true }).toBuffer(), [200, 100, 50], 4],
  ['interlaced', () => plain().png({ progressive: true }).toBuffer(), [200, 100, 50], 0],
  ['WebP', () => plain().webp({ lossless: true }).toBuffer(), [200, 100, 50], 0],
])('an image that is %s becomes red, green and blue', async (_, make, expected, tolerance) => {
  await writeFile(join(directory, 'mine', '1.jpg'), await make());
  const { height, width, pixels } = await (await imageFolder(directory)).read(0);
  expect([height, width, pixels.length]).toEqual([6, 8, 6 * 8 * 3]);
  for (const [channel, value] of expected.entries())
    expect(Math.abs(pixels[channel]! - value)).toBeLessThanOrEqual(tolerance);
});

it.each([
  [1, 1],
  [5000, 10],
  [10, 5000],
])('an image of %d x %d pixels goes through every transform', async (width, height) => {
  await writeFile(join(directory, 'mine', '1.png'), await plain(width, height).png().toBuffer());
  const files = await imageFolder(directory);
  for await (const { images } of streamSequentialBatches(files, { batchSize: 1, transform: resizeAndCrop() })) {
    expect(images.length).toBe(224 * 224 * 3);
    expect(images.every((value, i) => Math.abs(255 * value - [200, 100, 50][i % 3]!) < 1)).toBe(true);
  }
  for await (const { size } of streamBatches(files, { batchSize: 1, transform: randomResizedCrop({ size: 32 }) }))
    expect(size).toBe(1);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('this is no image')],
  ['an image cut short', undefined],
])('a file with %s among good ones is an error that names it', async (_, bytes) => {
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (__, i) => (i * i * 31) % 251));
  const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
    .jpeg()
    .toBuffer();
  for (const name of ['1.jpg', '3.jpg'])
    await writeFile(join(directory, 'mine', name), await plain().jpeg().toBuffer());
  const bad = join(directory, 'mine', '2.jpg');
  await writeFile(bad, bytes ?? whole.subarray(0, whole.length >> 1));
  const files = await imageFolder(directory);
  const read = async (): Promise<void> => {
    for await (const _batch of streamSequentialBatches(files, { batchSize: 3, transform: resizeAndCrop() }));
  };
  await expect(read()).rejects.toMatchObject({ code: 'MALFORMED_DATA', source: bad });
});
