import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { Dataset, ImageShape } from '../batch/dataset.js';
import { MalformedDataError } from '../errors.js';
import { bytesRule, classesRule, numbersRule, shapeRule } from '../option-rules.js';

/** What {@link byteDataset} is made of. */
export interface ByteDatasetOptions {
  /** Short name for reports. */
  readonly name: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Height, width and channels of every image. */
  readonly shape: ImageShape;
  /** One byte a value, images one after the other, each height by width by channels, row-major. Kept, not copied. */
  readonly images: Uint8Array;
  /** One label an image, from 0 to `classes.length` − 1. Kept, not copied. */
  readonly labels: ArrayLike<number>;
}

const byteDatasetRules: OptionRules<ByteDatasetOptions> = {
  name: rules.text,
  classes: classesRule,
  shape: shapeRule(),
  images: bytesRule,
  labels: numbersRule,
};

const unit = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * A dataset over bytes in memory, converted to numbers only when a batch is made: 60,000 MNIST images take 47 MB.
 *
 * @param options - Bytes, labels and what they mean.
 * @returns A dataset that reads the given arrays; do not change them afterwards.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @throws {@link MalformedDataError} if the arrays disagree in length, or a label has no class.
 *
 * @example Two images of two pixels.
 * ```ts
 * import { byteDataset } from '@espalier/datasets';
 *
 * const dataset = byteDataset({
 *   name: 'tiny', classes: ['dark', 'light'], shape: [1, 2, 1],
 *   images: Uint8Array.of(0, 51, 255, 204), labels: [0, 1],
 * });
 * const image = new Float32Array(2);
 * dataset.copyImage(1, image, 0);
 * console.log(image); // 1, 0.8
 * ```
 */
export function byteDataset(options: ByteDatasetOptions): Dataset {
  checkOptions(options, byteDatasetRules);
  const { name, classes, images, labels } = options;
  const [height, width, channels] = options.shape;
  const length = height * width * channels;
  if (images.length !== labels.length * length) {
    const problem = `${labels.length} labels need ${labels.length * length} bytes of images, but there are ${images.length}`;
    throw new MalformedDataError(name, problem);
  }
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (Number.isInteger(label) && label >= 0 && label < classes.length) continue;
    throw new MalformedDataError(name, `label ${i} is ${label}, but there are ${classes.length} classes`);
  }
  return {
    name,
    classes,
    size: labels.length,
    shape: [height, width, channels],
    copyImage: (index, target, offset) => {
      const start = index * length;
      for (let i = 0; i < length; i++) target[offset + i] = unit[images[start + i]!]!;
    },
    label: index => labels[index]!,
  };
}
