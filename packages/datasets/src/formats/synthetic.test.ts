import { InvalidOptionError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../batch/dataset.js';
import { syntheticImages, syntheticSplit } from './synthetic.js';

const image = (dataset: Dataset, index: number): Float32Array => {
  const [height, width, channels] = dataset.shape;
  const target = new Float32Array(height * width * channels);
  dataset.copyImage(index, target, 0);
  return target;
};

const distance = (a: Float32Array, b: Float32Array): number => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);

it('can be learned: the nearest class mean of the training part is right for at least 95 % of the test part', () => {
  const { train, test } = syntheticSplit({ trainSize: 200, testSize: 100, shape: [12, 12, 1], seed: 4 });
  const means = Array.from({ length: 10 }, () => new Float32Array(144));
  for (let i = 0; i < train.size; i++)
    image(train, i).forEach((v, j) => {
      means[train.label(i)]![j]! += v / 20;
    });
  let right = 0;
  for (let i = 0; i < test.size; i++) {
    const distances = means.map(mean => distance(mean, image(test, i)));
    if (distances.indexOf(Math.min(...distances)) === test.label(i)) right++;
  }
  expect(right).toBeGreaterThanOrEqual(95);
});

it('is the same for the same seed and another for another seed or part; example i does not depend on the size', () => {
  const options = { size: 20, shape: [5, 6, 2], seed: 1 } as const;
  const first = image(syntheticImages(options), 7);
  expect(image(syntheticImages({ ...options, size: 8 }), 7)).toEqual(first);
  expect(image(syntheticImages({ ...options, seed: 2 }), 7)).not.toEqual(first);
  expect(image(syntheticImages({ ...options, part: 'test' }), 7)).not.toEqual(first);
});

it('without noise, every image of a class is the same', () => {
  const dataset = syntheticImages({ size: 6, shape: [8, 8, 1], classes: 3, noise: 0 });
  expect(image(dataset, 4)).toEqual(image(dataset, 1));
  expect(image(dataset, 2)).not.toEqual(image(dataset, 1));
});

describe('options', () => {
  it.each([
    ['size', { size: 0 }],
    ['classes', { size: 1, classes: 1 }],
    ['seed', { size: 1, seed: 0.5 }],
    ['noise', { size: 1, noise: 1.5 }],
    ['noise', { size: 1, noise: Number.NaN }],
    ['shape', { size: 1, shape: [0, 1, 1] as const }],
  ])('refuses %s in %j', (option, options) => {
    expect(() => syntheticImages(options)).toThrow(InvalidOptionError);
    expect(() => syntheticImages(options)).toThrow(`"${option}"`);
  });
});
