import { InvalidOptionError } from '@espalier/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { augmentImage, requireAugmentation } from './augmentation.js';
import type { RandomStream } from './random.js';

/** Gives the listed numbers in turn. */
const scripted = (...values: number[]): RandomStream => ({
  below: () => values.shift()!,
  uniform: () => values.shift()!,
});

// image  1 2 3      crop 1 draws from 0 … 2, less 1: rows down, then columns to the right
//        4 5 6
//        7 8 9
it.each([
  { name: 'nothing', augmentation: { crop: 1 }, drawn: [1, 1], expected: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  { name: 'one up', augmentation: { crop: 1 }, drawn: [0, 1], expected: [0, 0, 0, 1, 2, 3, 4, 5, 6] },
  { name: 'one down and right', augmentation: { crop: 1 }, drawn: [2, 2], expected: [5, 6, 0, 8, 9, 0, 0, 0, 0] },
  { name: 'mirror', augmentation: { flip: true }, drawn: [1], expected: [3, 2, 1, 6, 5, 4, 9, 8, 7] },
  { name: 'no mirror', augmentation: { flip: true }, drawn: [0], expected: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  // the window moved right is 2 3 0 / 5 6 0 / 8 9 0, then mirrored
  { name: 'both', augmentation: { crop: 1, flip: true }, drawn: [1, 2, 1], expected: [0, 3, 2, 0, 6, 5, 0, 9, 8] },
])('$name: moves a window over a black border, then mirrors it', ({ augmentation, drawn, expected }) => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  augmentImage(image, [3, 3, 1], augmentation, scripted(...drawn));
  expect([...image]).toEqual(expected);
});

it('agrees with padding, cutting and mirroring written out, for any shape', () => {
  const side = fc.integer({ min: 4, max: 7 });
  const arbitrary = fc.tuple(side, side, fc.integer({ min: 1, max: 3 }), fc.nat(6), fc.nat(6), fc.nat(1));
  fc.assert(
    fc.property(arbitrary, ([height, width, channels, down, right, mirror]) => {
      const crop = 3;
      const image = Float32Array.from({ length: height * width * channels }, (_, i) => i + 1);
      const at = (y: number, x: number, channel: number): number => {
        const inside = y >= crop && y < height + crop && x >= crop && x < width + crop;
        return inside ? image[((y - crop) * width + x - crop) * channels + channel]! : 0;
      };
      const expected: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let c = 0; c < channels; c++) expected.push(at(y + down, (mirror ? width - 1 - x : x) + right, c));
        }
      }
      const changed = image.slice();
      augmentImage(changed, [height, width, channels], { crop, flip: true }, scripted(down, right, mirror));
      expect([...changed]).toEqual(expected);
    }),
  );
});

it.each([3, 4, Number.NaN])('a crop of %d of a 3x4 image is refused', crop => {
  expect(() => requireAugmentation({ crop }, [3, 4, 1])).toThrow(InvalidOptionError);
});
