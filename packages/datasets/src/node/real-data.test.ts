import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { channelStatistics, cifar10Normalization, mnistNormalization } from '../batch/normalization.js';
import { cifar10Classes } from '../formats/cifar.js';
import { dataDirectory } from './fetch/directories.js';
import { imageFolderArchive } from './images/image-folder.js';
import { mnistFromFolder } from './sets/mnist.js';

const data = dataDirectory() ?? '/no/data/directory';
const mnistFolder = join(data, 'mnist');
const cifarArchive = join(data, 'cifar10', 'test.tar.gz');

describe.skipIf(!existsSync(mnistFolder))(`MNIST (skipped where there is no ${mnistFolder})`, () => {
  it('has 60,000 and 10,000 digits, begins as published, and has the published mean and deviation', async () => {
    const { train, test } = await mnistFromFolder(mnistFolder);
    expect([train.size, test.size, train.shape]).toEqual([60_000, 10_000, [28, 28, 1]]);
    // the first labels of either part, as every tutorial shows them
    expect([0, 1, 2, 3, 4].map(i => train.label(i))).toEqual([5, 0, 4, 1, 9]);
    expect([0, 1, 2, 3, 4].map(i => test.label(i))).toEqual([7, 2, 1, 0, 4]);
    const { mean, std } = channelStatistics(train);
    expect(mnistNormalization.mean[0]).toBeCloseTo(mean[0]!, 4);
    expect(mnistNormalization.std[0]).toBeCloseTo(std[0]!, 4);
  });
});

describe.skipIf(!existsSync(cifarArchive))(`CIFAR-10 images (skipped where there is no ${cifarArchive})`, () => {
  it('come in ten classes of 32x32x3 with about the known mean color', async () => {
    const options = { name: 'cifar10/test', shape: [32, 32, 3] as const, maximumPerClass: 30 };
    const dataset = await imageFolderArchive(cifarArchive, { ...options, cacheDirectory: false });
    expect([dataset.size, dataset.classes]).toEqual([300, cifar10Classes]);
    const { mean } = channelStatistics(dataset);
    // Image means spread by about 0.12, so 300 of them are within 0.03 of the whole almost surely.
    mean.forEach((value, channel) => {
      expect(Math.abs(value - cifar10Normalization.mean[channel]!)).toBeLessThan(0.03);
    });
  });
});
