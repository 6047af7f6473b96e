import { InvalidOptionError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { syntheticImages } from '../formats/synthetic.js';
import { imageFilesOf, imageFilesSubset } from './image-files.js';

const size = 23;
const dataset = syntheticImages({ size, seed: 1, shape: [6, 6, 3] });
const files = imageFilesOf(dataset);

describe('imageFilesOf and imageFilesSubset', () => {
  it('make one channel gray, and refuse two', async () => {
    const gray = imageFilesOf(syntheticImages({ size: 3, seed: 1, shape: [4, 5, 1] }));
    const { height, width, pixels } = await gray.read(2);
    expect([height, width, pixels.length]).toEqual([4, 5, 60]);
    for (let i = 0; i < 60; i += 3) expect(new Set(pixels.subarray(i, i + 3)).size).toBe(1);
    expect(() => imageFilesOf({ ...dataset, shape: [6, 6, 2] })).toThrow(InvalidOptionError);
  });

  it('read through to the original, and refuse images that are not there', async () => {
    const some = imageFilesSubset(files, [7, 3, 7], 'some');
    expect([some.name, some.size, some.label(1), some.path(1)]).toEqual(['some', 3, files.label(3), files.path(3)]);
    expect(await some.read(0)).toEqual(await files.read(7));
    for (const index of [-1, 0.5, size]) expect(() => imageFilesSubset(files, [index])).toThrow(InvalidOptionError);
  });
});
