import { InvalidOptionError } from '@espalier/core';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as api from '../index.js';

const tiny = api.byteDataset({
  name: 'tiny',
  classes: ['a', 'b', 'c'],
  shape: [1, 2, 2],
  images: Uint8Array.of(0, 51, 102, 153, 204, 255, 0, 255, 255, 255, 255, 255),
  labels: [2, 0, 1],
});

describe('byteDataset', () => {
  it('writes at the offset and nowhere else', () => {
    const target = new Float32Array(6).fill(-1);
    tiny.copyImage(0, target, 1);
    expect([...target]).toEqual([-1, 0, 0.2, 0.4, 0.6, -1].map(Math.fround));
  });

  const good = { name: 'x', classes: ['a'], shape: [1, 1, 1] as const, images: new Uint8Array(1), labels: [0] };
  it.each([
    ['too few bytes', { images: new Uint8Array(0) }, api.MalformedDataError],
    ['too many labels', { labels: [0, 0] }, api.MalformedDataError],
    ['a label without a class', { labels: [1] }, api.MalformedDataError],
    ['half a label', { labels: [0.5] }, api.MalformedDataError],
    ['a side of 0', { shape: [0, 1, 1] as const }, InvalidOptionError],
    ['no class', { classes: [] }, InvalidOptionError],
  ])('refuses %s', (_, change, expected) => {
    expect(() => api.byteDataset({ ...good, ...change })).toThrow(expected);
  });
});

describe('subset', () => {
  it('reads the chosen examples in the order given', () => {
    const some = api.subset(tiny, [2, 0, 2]);
    expect([some.size, some.name, [0, 1, 2].map(i => some.label(i))]).toEqual([3, 'tiny/subset', [1, 2, 1]]);
    const target = new Float32Array(4);
    some.copyImage(0, target, 0);
    expect([...target]).toEqual([1, 1, 1, 1]);
  });

  it.each([[[3]], [[-1]], [[0.5]], [[Number.NaN]]])('refuses index %j of three examples', indices => {
    expect(() => api.subset(tiny, indices)).toThrow(InvalidOptionError);
  });
});

it('channel statistics are the mean and deviation of each channel; a constant channel gets 1', () => {
  const dataset = api.byteDataset({
    name: 'x',
    classes: ['a'],
    shape: [1, 2, 2],
    images: Uint8Array.of(0, 51, 255, 51),
    labels: [0],
  });
  const { mean, std } = api.channelStatistics(dataset);
  expect(mean[0]).toBeCloseTo(0.5, 6); // (0 + 1) / 2
  expect(std[0]).toBeCloseTo(0.5, 6); // both are half away from the mean
  expect(mean[1]).toBeCloseTo(0.2, 6);
  expect(std[1]).toBe(1);
});

describe('toTensors', () => {
  it('makes NHWC images and int32 labels, or one-hot rows', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const batch = api.batchAt(tiny, { position: 0, batchSize: 3, shuffle: false });
    const plain = api.toTensors(batch);
    expect([plain.xs.shape, plain.xs.dtype, plain.ys.shape, plain.ys.dtype]).toEqual([
      [3, 1, 2, 2],
      'float32',
      [3],
      'int32',
    ]);
    expect([...(await plain.ys.data())]).toEqual([2, 0, 1]);
    expect([...(await plain.xs.data())].slice(4, 8)).toEqual([Math.fround(0.8), 1, 0, 1]);
    const hot = api.toTensors(batch, { labels: 'one-hot' });
    expect(await hot.ys.array()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0],
    ]);
    tf.dispose([plain.xs, plain.ys, hot.xs, hot.ys]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toEqual([
    'DataTooLargeError',
    'MalformedDataError',
    'UnknownDatasetError',
    'augmentationRules',
    'batchAt',
    'byteDataset',
    'channelStatistics',
    'cifar100Dataset',
    'cifar100Normalization',
    'cifar10Classes',
    'cifar10Dataset',
    'cifar10Normalization',
    'digitClasses',
    'digitsNormalization',
    'embeddedDigits',
    'fitImage',
    'fitRules',
    'gunzip',
    'idxDataset',
    'imageFilesOf',
    'imageFilesSubset',
    'imageSides',
    'imageStatistics',
    'imagenetNormalization',
    'keepDecoded',
    'mnistNormalization',
    'parseIdx',
    'randomFlip',
    'randomResizedCrop',
    'resizeAndCrop',
    'resizeImage',
    'sequentialBatches',
    'stepsPerEpoch',
    'streamBatches',
    'streamSequentialBatches',
    'subset',
    'syntheticImages',
    'syntheticSplit',
    'toTensors',
  ]);
});
