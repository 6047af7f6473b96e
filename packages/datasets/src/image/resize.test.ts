import { readFileSync } from 'node:fs';
import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../batch/random.js';
import { DataTooLargeError } from '../errors.js';
import { cropImage, type DecodedImage } from './decoded-image.js';
import type { Interpolation } from './resampling-weights.js';
import { resizeImage } from './resize.js';
import { resizeAndCrop } from './resize-and-crop.js';

/** Made by Pillow, see test/golden/resize.py. */
interface Golden {
  readonly resizes: readonly Sized<{ to: [number, number]; interpolation: Interpolation; input: string }>[];
  readonly views: readonly Sized<{ input: string }>[];
  readonly jpegs: readonly Sized<{ file: string }>[];
}
type Sized<Other> = Other & { readonly from: [number, number]; readonly output: string };

const golden = JSON.parse(readFileSync(new URL('../../test/golden/resize.json', import.meta.url), 'utf8')) as Golden;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const image = ([height, width]: [number, number], pixels: Uint8Array): DecodedImage => ({ height, width, pixels });

const images = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([height, width]) =>
  fc.uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 }).map(pixels => ({
    height,
    width,
    pixels,
  })),
);
const sides = fc.integer({ min: 1, max: 12 });
const interpolation = fc.constantFrom<Interpolation>('bilinear', 'bicubic');

describe('resizeImage', () => {
  it.each(golden.resizes)('equals Pillow in every byte, $from to $to, $interpolation', case_ => {
    const { from, to, input, output } = case_;
    const [height, width] = to;
    const result = resizeImage(image(from, bytes(input)), { height, width, interpolation: case_.interpolation });
    expect(result).toEqual({ height, width, pixels: bytes(output) });
  });

  it('computes the same pixels for a window as for the whole', () => {
    const windows = fc.tuple(images, sides, sides, interpolation, fc.nat(), fc.nat(), fc.nat(), fc.nat());
    fc.assert(
      fc.property(windows, ([from, height, width, filter, a, b, c, d]) => {
        const [top, left] = [a % height, b % width];
        const window = { top, left, height: 1 + (c % (height - top)), width: 1 + (d % (width - left)) };
        const whole = resizeImage(from, { height, width, interpolation: filter });
        expect(resizeImage(from, { height, width, interpolation: filter, window })).toEqual(cropImage(whole, window));
      }),
    );
  });

  it('keeps an image of one color, and any image at its own size', () => {
    fc.assert(
      fc.property(images, sides, sides, interpolation, fc.nat(255), (from, height, width, filter, value) => {
        const flat = { ...from, pixels: from.pixels.map(() => value) };
        const { pixels } = resizeImage(flat, { height, width, interpolation: filter });
        expect(pixels.every(byte => byte === value)).toBe(true);
        expect(resizeImage(from, { height: from.height, width: from.width, interpolation: filter })).toEqual(from);
      }),
    );
  });

  it('refuses sizes that are none, windows that lie outside, and what would not fit into memory', () => {
    const one = image([1, 1], new Uint8Array(3));
    for (const height of [0, 1.5, Number.NaN, 2 ** 25]) {
      expect(() => resizeImage(one, { height, width: 1 })).toThrow(InvalidOptionError);
    }
    const window = { top: 1, left: 0, height: 2, width: 1 };
    expect(() => resizeImage(one, { height: 2, width: 1, window })).toThrow(InvalidOptionError);
    expect(() => resizeImage(one, { height: 2 ** 20, width: 2 ** 20 })).toThrow(InvalidOptionError);
    const tall = image([2 ** 20, 1], new Uint8Array(3 * 2 ** 20));
    expect(() => resizeImage(tall, { height: 1, width: 2 ** 10 })).toThrow(DataTooLargeError);
  });
});

describe('resizeAndCrop', () => {
  it.each(golden.views)("equals torchvision's Resize and CenterCrop, from $from", ({ from, input, output }) => {
    const transform = resizeAndCrop({ resize: 12, size: 9 });
    const result = transform.apply(image(from, bytes(input)), randomStream(0, 'augmentation'));
    expect(result).toEqual({ height: 9, width: 9, pixels: bytes(output) });
  });

  it('costs nothing for an image that is absurdly long', () => {
    const line = image([1, 60_000], new Uint8Array(180_000).fill(7));
    const { pixels } = resizeAndCrop().apply(line, randomStream(0, 'augmentation'));
    expect(pixels.every(byte => byte === 7)).toBe(true);
  });

  it('refuses to cut out more than is there', () => {
    expect(() => resizeAndCrop({ resize: 100, size: 101 })).toThrow(InvalidOptionError);
  });
});

describe('sharp, which decodes for us', () => {
  it.each(golden.jpegs)('differs from Pillow by at most 1 of 255 in a JPEG', async ({ file, output }) => {
    const options = { ignoreIcc: true } as const;
    const data = await sharp(bytes(file), options).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer();
    const wanted = bytes(output);
    expect(data.length).toBe(wanted.length);
    expect(Math.max(...wanted.map((byte, i) => Math.abs(byte - data[i]!)))).toBeLessThanOrEqual(1);
  });
});
