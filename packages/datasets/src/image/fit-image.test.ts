import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../batch/random.js';
import type { DecodedImage, ImageFiles } from './decoded-image.js';
import { fitImage } from './fit-image.js';
import { type ImageSize, imageSides } from './image-size.js';
import { keepDecoded } from './keep-decoded.js';
import { randomFlip } from './random-flip.js';
import { resizeAndCrop } from './resize-and-crop.js';

const gray = (height: number, width: number, values: readonly number[]): DecodedImage => ({
  height,
  width,
  pixels: Uint8Array.from(values.flatMap(value => [value, value, value])),
});
const reds = ({ pixels }: DecodedImage): number[] => [...pixels].filter((_, index) => index % 3 === 0);
const random = () => randomStream(1, 'augmentation');

describe('fitImage', () => {
  it('squashes both sides: two columns of four become two of two, each the mean of what it covers', () => {
    // Bilinear with the support of one output pixel (2 input pixels each way, cut at the border):
    // centers 1 and 3, distances .5 .5 1.5 (2.5) → weights .75 .75 .25: (0·3 + 0·3 + 80·1) / 7 = 11.4
    const squashed = fitImage({ size: 2, rule: 'squash' }).apply(gray(2, 4, [0, 0, 80, 80, 0, 0, 80, 80]), random());
    expect(reds(squashed)).toEqual([11, 69, 11, 69]);
  });

  it('pads with black, the odd row below', () => {
    // 1x3 of 7: the longer side stays 3, one row in the middle of three
    expect(reds(fitImage({ size: 3, rule: 'pad' }).apply(gray(1, 3, [7, 8, 9]), random()))).toEqual([
      0, 0, 0, 7, 8, 9, 0, 0, 0,
    ]);
    // 2x1 becomes 4x2 with one column on each side
    const tall = fitImage({ size: 4, rule: 'pad' }).apply(gray(2, 1, [9, 9]), random());
    expect(reds(tall)).toEqual([0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0]);
  });

  it('crops as resizeAndCrop does, from 8/7 of the size', () => {
    const image = gray(
      20,
      30,
      Array.from({ length: 600 }, (_, index) => index % 256),
    );
    const cropped = fitImage({ size: 14 }).apply(image, random()); // 14 · 8/7 = 16
    expect(cropped).toEqual(resizeAndCrop({ size: 14, resize: 16 }).apply(image, random()));
  });

  it('makes images of unequal sides by every rule', () => {
    const columns = gray(4, 4, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]);
    // a box of 2x4 is just covered by 4x4: the two rows in the middle
    expect(reds(fitImage({ size: [2, 4], resize: 2 }).apply(columns, random()))).toEqual([2, 2, 2, 2, 3, 3, 3, 3]);
    // a pixel becomes 2x2, with a column on each side
    expect(reds(fitImage({ size: [2, 4], rule: 'pad' }).apply(gray(1, 1, [9]), random()))).toEqual([
      0, 9, 9, 0, 0, 9, 9, 0,
    ]);
    expect(reds(fitImage({ size: [1, 3], rule: 'squash' }).apply(gray(1, 1, [9]), random()))).toEqual([9, 9, 9]);
  });

  it('gives the size that was asked for, whatever the shape, and refuses what is none', () => {
    for (const size of [0, [8], [8, 0], [8, 8, 3], ['8', 8], [8, 5000]]) {
      expect(() => fitImage({ size: size as never })).toThrow(InvalidOptionError);
    }

    const sides = fc.integer({ min: 1, max: 40 });
    const sizes: fc.Arbitrary<ImageSize> = fc.oneof(sides, fc.tuple(sides, sides));
    fc.assert(
      fc.property(sides, sides, sizes, fc.constantFrom('crop', 'squash', 'pad'), (height, width, size, rule) => {
        const [rows, columns] = imageSides(size);
        const image = { height, width, pixels: new Uint8Array(height * width * 3) };
        const { pixels, ...shape } = fitImage({ size, rule }).apply(image, random());
        expect([shape, pixels.length]).toEqual([{ height: rows, width: columns }, rows * columns * 3]);
      }),
    );
  });

  it('refuses a shorter side below the size', () => {
    expect(() => fitImage({ size: 8, resize: 7 })).toThrow(InvalidOptionError);
  });
});

it('randomFlip mirrors about half of the images, and changes nothing that it was given', () => {
  const transform = randomFlip({ size: 2, apply: image => image });
  const image = gray(1, 2, [1, 2]);
  const flipped = Array.from({ length: 200 }, (_, index) =>
    reds(transform.apply(image, randomStream(0, 'augmentation', 0, index))).join(),
  );
  const mirrored = flipped.filter(values => values === '2,1').length;
  expect(flipped.every(values => values === '1,2' || values === '2,1')).toBe(true);
  expect(mirrored).toBeGreaterThan(70);
  expect(mirrored).toBeLessThan(130);
  expect(reds(image)).toEqual([1, 2]);
});

it('keepDecoded reads an image once as long as there is room in all lists together, and gives the same pixels', async () => {
  const reads: string[] = [];
  const files = (name: string): ImageFiles => ({
    name,
    classes: ['a'],
    size: 3,
    label: () => 0,
    path: index => `${name}${index}`,
    read: async index => {
      reads.push(`${name}${index}`);
      return gray(1, 1, [index]);
    },
  });
  const [first, second] = keepDecoded([files('x'), files('y')], { maximumMemory: 9 }); // three images of 3 bytes
  for (let round = 0; round < 2; round++) {
    for (const index of [0, 1]) {
      expect(reds((await first?.read(index)) as DecodedImage)).toEqual([index]);
      expect(reds((await second?.read(index)) as DecodedImage)).toEqual([index]);
    }
  }
  expect(reads).toEqual(['x0', 'y0', 'x1', 'y1', 'y1']);
});
