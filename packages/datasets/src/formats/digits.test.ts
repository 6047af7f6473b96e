import { expect, it } from 'vitest';
import { channelStatistics } from '../batch/normalization.js';
import { embeddedDigits } from './digits.js';

it('are 8,500 digits to train on and 150 of each kind to test on', async () => {
  const { train, test } = await embeddedDigits();
  const counts = (part: typeof train): number[] => {
    const found = Array<number>(10).fill(0);
    for (let i = 0; i < part.size; i++) found[part.label(i)]! += 1;
    return found;
  };
  // 1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944 and 978 images in the package, less 150
  expect(counts(train)).toEqual([851, 977, 841, 882, 830, 713, 864, 920, 794, 828]);
  expect(counts(test)).toEqual(Array(10).fill(150));
  expect([train.size, test.size, train.shape, train.classes.length]).toEqual([8500, 1500, [28, 28, 1], 10]);
});

it('hold no image twice, so none of the test images was trained on', async () => {
  const { train, test } = await embeddedDigits();
  const seen = new Set<string>();
  const image = new Float32Array(784);
  for (const part of [train, test]) {
    for (let i = 0; i < part.size; i++) {
      part.copyImage(i, image, 0);
      seen.add(Array.from(image, value => String.fromCharCode(Math.round(value * 255))).join(''));
    }
  }
  expect(seen.size).toBe(10_000);
});

it('have the mean and standard deviation that the split says', async () => {
  const { train, normalization } = await embeddedDigits();
  const { mean, std } = channelStatistics(train);
  expect(normalization.mean[0]).toBeCloseTo(mean[0]!, 4);
  expect(normalization.std[0]).toBeCloseTo(std[0]!, 4);
});

it('are loaded once', () => {
  expect(embeddedDigits()).toBe(embeddedDigits());
});
