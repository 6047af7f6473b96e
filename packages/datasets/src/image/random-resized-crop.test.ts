import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../batch/random.js';
import type { DecodedImage } from './decoded-image.js';
import { randomResizedCrop } from './random-resized-crop.js';

/** Red is the row, green the column, so that a crop shows where it is from. */
function coordinates(height: number, width: number): DecodedImage {
  const pixels = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) pixels.set([Math.floor(i / width), i % width, 0], i * 3);
  return { height, width, pixels };
}
const draw = (example: number) => randomStream(3, 'augmentation', 1, example);

describe('randomResizedCrop', () => {
  it('is the whole image at full scale and the own shape, mirrored half of the time', () => {
    const image = coordinates(6, 6);
    const transform = randomResizedCrop({ size: 6, scale: [1, 1], ratio: [1, 1] });
    let mirrored = 0;
    for (let example = 0; example < 400; example++) {
      const { pixels } = transform.apply(image, draw(example));
      const first = pixels[1]; // column of the first pixel
      if (first === 5) mirrored++;
      expect(first === 5 ? [...pixels.subarray(0, 2)] : pixels).toEqual(first === 5 ? [0, 5] : image.pixels);
    }
    // Binomial(400, 1/2) has a deviation of 10.
    expect(Math.abs(mirrored - 200)).toBeLessThan(50);
  });

  it('gives the same image for the same example and others for others, and leaves the image alone', () => {
    const image = coordinates(40, 60);
    const transform = randomResizedCrop({ size: 8 });
    expect(transform.apply(image, draw(1))).toEqual(transform.apply(image, draw(1)));
    expect(transform.apply(image, draw(1))).not.toEqual(transform.apply(image, draw(2)));
    expect(image).toEqual(coordinates(40, 60));
  });

  it('cuts shapes around that of the results', () => {
    const [image, random] = [coordinates(60, 120), draw(0)];
    const wide = randomResizedCrop({ size: [3, 6], scale: [1, 1], flip: false });
    // at full scale the one shape that fits is that of the image, 2: the middle of 3/4 · 2 to 4/3 · 2
    const { pixels, ...shape } = wide.apply(image, random);
    expect(shape).toEqual({ height: 3, width: 6 });
    const square = randomResizedCrop({ size: 3, scale: [1, 1], flip: false }).apply(image, random);
    // 4/3 of 60 rows are 80 columns, from 20 on
    expect([pixels[1]! < 15, square.pixels[1]! > 25]).toEqual([true, true]);
  });

  it('cuts areas that are spread evenly over the scale', () => {
    const image = coordinates(200, 200);
    const transform = randomResizedCrop({ size: 2, scale: [0.1, 0.5], ratio: [1, 1], flip: false });
    const areas = Array.from({ length: 400 }, (_, example) => {
      const { pixels } = transform.apply(image, draw(example));
      // A triangle around 1/4 of half-width 1/2, cut at 0, has mass 7/16 and moment 25/192, so its center is at 0.2976,
      // and the two output rows are 1 − 2 · 0.2976 = 0.405 of the side apart. Bytes 0 and 6 are red, the row.
      return ((pixels[6]! - pixels[0]!) / 0.405) ** 2;
    });
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length / 200 ** 2;
    // Evenly from 0.1 to 0.5 has mean 0.3 and deviation 0.115, so the mean of 400 has one of 0.006.
    expect(Math.abs(mean - 0.3)).toBeLessThan(0.03);
  });

  it('takes the middle of an image that no shape fits, and never fails', () => {
    const line = coordinates(1, 200);
    const { pixels } = randomResizedCrop({ size: 1, flip: false }).apply(line, draw(0));
    expect(pixels[1]).toBe(99); // one row allows 4/3 columns, so one; (200 − 1) / 2 rounded down
    const sides = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(sides, sides, fc.nat(1000), (height, width, example) => {
        const result = randomResizedCrop({ size: 3 }).apply(coordinates(height, width), draw(example));
        expect(result.pixels.length).toBe(27);
      }),
    );
  });

  it.each([
    [{ size: 0 }],
    [{ size: 4097 }],
    [{ scale: [0, 1] as const }],
    [{ scale: [0.5, 0.4] as const }],
    [{ scale: [0.5, 1.1] as const }],
    [{ ratio: [0, 1] as const }],
    [{ ratio: [1, Number.POSITIVE_INFINITY] as const }],
    [{ ratio: [Number.NaN, 1] as const }],
  ])('refuses %j', options => {
    expect(() => randomResizedCrop(options)).toThrow(InvalidOptionError);
  });
});
