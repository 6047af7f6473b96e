import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { Dataset, ImageShape, Split } from '../batch/dataset.js';
import { channelStatistics } from '../batch/normalization.js';
import { randomStream } from '../batch/random.js';
import { seedRule, shapeRule } from '../option-rules.js';
import { byteDataset } from './byte-dataset.js';

/** What {@link syntheticImages} makes. */
export interface SyntheticOptions {
  /** Number of images, at least 1. */
  readonly size: number;
  /**
   * Height, width and channels.
   *
   * @defaultValue [28, 28, 1]
   */
  readonly shape?: ImageShape | undefined;
  /**
   * Number of classes, at least 2.
   *
   * @defaultValue 10
   */
  readonly classes?: number | undefined;
  /**
   * Root seed, an integer from 0 to 2^53 − 1.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
  /**
   * Which examples: both parts share the classes' patterns, but no example.
   *
   * @defaultValue 'train'
   */
  readonly part?: 'train' | 'test' | undefined;
  /**
   * How much of a value is noise, from 0 (every image is its class's pattern) to 1 (nothing can be learned).
   *
   * @defaultValue 0.5
   */
  readonly noise?: number | undefined;
}

const sizeRule = rules.integer({ from: 1, below: 2 ** 31 });

const sharedRules: OptionRules<Omit<SyntheticOptions, 'size' | 'part'>> = {
  shape: rules.optional(shapeRule()),
  classes: rules.optional(rules.integer({ from: 2, below: 2 ** 16 })),
  seed: rules.optional(seedRule),
  noise: rules.optional(rules.number({ from: 0, to: 1 })),
};

const syntheticRules: OptionRules<SyntheticOptions> = {
  ...sharedRules,
  size: sizeRule,
  part: rules.optional(rules.oneOf('train', 'test')),
};

export const syntheticSplitRules: OptionRules<SyntheticSplitOptions> = {
  ...sharedRules,
  trainSize: sizeRule,
  testSize: sizeRule,
};

/**
 * Images that a model can learn from without any data: every class has a pattern of random 4x4-pixel tiles, every
 * example is a mixture of its pattern and noise of its own. Labels go 0, 1, 2, … round and round.
 *
 * @param options - Size, shape, classes, seed, part, fraction of noise.
 * @returns The same bytes in every process for the same options; example `i` does not depend on `size`.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { syntheticImages } from '@espalier/datasets';
 *
 * const dataset = syntheticImages({ size: 200, shape: [8, 8, 3], classes: 4, seed: 1 });
 * console.log(dataset.size, dataset.label(5)); // 200 1
 * ```
 */
export function syntheticImages(options: SyntheticOptions): Dataset {
  checkOptions(options, syntheticRules);
  const { size, shape = [28, 28, 1], classes = 10, seed = 0, part = 'train', noise = 0.5 } = options;
  const length = shape[0] * shape[1] * shape[2];
  const patterns = Array.from({ length: classes }, (_, label) => tiles(shape, seed, label));
  const images = new Uint8Array(size * length);
  const labels = Uint16Array.from({ length: size }, (_, example) => example % classes);
  for (let example = 0; example < size; example++) {
    const random = randomStream(seed, 'synthetic', part === 'train' ? 1 : 2, example);
    const pattern = patterns[example % classes]!;
    for (let i = 0; i < length; i++) {
      images[example * length + i] = Math.floor(256 * ((1 - noise) * pattern[i]! + noise * random.uniform()));
    }
  }
  const names = Array.from({ length: classes }, (_, label) => `class ${label}`);
  return byteDataset({ name: `synthetic/${part}`, classes: names, shape, images, labels });
}

/**
 * Both parts of {@link syntheticImages} and their normalization.
 *
 * @param options - As for `syntheticImages`, with the size of each part.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { syntheticSplit } from '@espalier/datasets';
 *
 * const { train, test } = syntheticSplit({ trainSize: 100, testSize: 20, seed: 1 });
 * console.log(train.size, test.size); // 100 20
 * ```
 */
export function syntheticSplit(options: SyntheticSplitOptions): Split {
  checkOptions(options, syntheticSplitRules);
  const { trainSize, testSize, ...rest } = options;
  const train = syntheticImages({ ...rest, size: trainSize, part: 'train' });
  return {
    train,
    test: syntheticImages({ ...rest, size: testSize, part: 'test' }),
    normalization: channelStatistics(train),
  };
}

/** What {@link syntheticSplit} makes. */
export interface SyntheticSplitOptions extends Omit<SyntheticOptions, 'size' | 'part'> {
  /** Number of training images, at least 1. */
  readonly trainSize: number;
  /** Number of test images, at least 1. */
  readonly testSize: number;
}

/** Values from 0 to just below 1, constant on tiles of 4x4 pixels. */
function tiles([height, width, channels]: ImageShape, seed: number, label: number): Float64Array {
  const random = randomStream(seed, 'synthetic', 0, label);
  const across = Math.ceil(width / 4);
  const colors = Array.from({ length: Math.ceil(height / 4) * across * channels }, () => random.uniform());
  return Float64Array.from({ length: height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const tile = Math.floor(Math.floor(pixel / width) / 4) * across + Math.floor((pixel % width) / 4);
    return colors[tile * channels + (i % channels)]!;
  });
}
