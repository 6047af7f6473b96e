import { InvalidOptionError } from '@espalier/core';
import { expect, it } from 'vitest';
import { channelStatistics } from '../batch/normalization.js';
import { syntheticImages } from '../formats/synthetic.js';
import { imageFilesOf, imageFilesSubset } from './image-files.js';
import { imageStatistics } from './image-statistics.js';
import type { ImageTransform } from './image-transform.js';

const dataset = syntheticImages({ size: 50, seed: 3, shape: [6, 6, 3] });
const files = imageFilesOf(dataset);
const transform: ImageTransform = { size: 6, apply: image => image };

it('equals the statistics of the dataset in memory, up to the rounding to bytes', async () => {
  const { mean, std } = await imageStatistics(files, { batchSize: 7, transform });
  const wanted = channelStatistics(dataset);
  mean.forEach((value, channel) => {
    expect(Math.abs(value - wanted.mean[channel]!)).toBeLessThan(0.5 / 255);
    expect(Math.abs(std[channel]! - wanted.std[channel]!)).toBeLessThan(0.5 / 255);
  });
});

it('gives a constant channel a deviation of 1, and refuses to say anything of no images', async () => {
  const flat = { ...files, read: async () => ({ height: 6, width: 6, pixels: new Uint8Array(108).fill(51) }) };
  const { mean, std } = await imageStatistics(flat, { batchSize: 50, transform });
  mean.forEach(value => {
    expect(value).toBeCloseTo(0.2, 6);
  });
  expect(std).toEqual([1, 1, 1]);
  const none = imageStatistics(imageFilesSubset(files, []), { batchSize: 1, transform });
  await expect(none).rejects.toThrow(InvalidOptionError);
});
