import { InvalidOptionError, type OptionRules, rules } from '@espalier/core';
import type { ImageShape } from './dataset.js';
import type { RandomStream } from './random.js';

/** Random changes to training images, the usual ones for CIFAR. */
export interface Augmentation {
  /**
   * Pixels of zeros (black) put around the image before a window of its original size is cut out at a random place; the
   * same as moving the image by up to this many pixels each way.
   *
   * @defaultValue 0
   */
  readonly crop?: number | undefined;
  /**
   * Whether half of the images are mirrored left to right.
   *
   * @defaultValue false
   */
  readonly flip?: boolean | undefined;
}

/** A rule for each of them, for options that hold an {@link Augmentation}. */
export const augmentationRules: OptionRules<Augmentation> = {
  crop: rules.optional(rules.integer({ from: 0 })),
  flip: rules.optional(rules.boolean),
};

/** Refuses a crop that could leave nothing of the image. */
export function requireAugmentation({ crop = 0 }: Augmentation, [height, width]: ImageShape): void {
  if (crop < Math.min(height, width)) return;
  throw new InvalidOptionError('augment.crop', crop, `a whole number below ${Math.min(height, width)}`);
}

/** Changes `image` in place. Draws the same count of numbers whatever they are, crop first. */
export function augmentImage(
  image: Float32Array,
  shape: ImageShape,
  augmentation: Augmentation,
  random: RandomStream,
): void {
  const { crop = 0, flip = false } = augmentation;
  const down = crop > 0 ? random.below(2 * crop + 1) - crop : 0;
  const right = crop > 0 ? random.below(2 * crop + 1) - crop : 0;
  const mirrored = flip && random.below(2) === 1;
  if (down === 0 && right === 0 && !mirrored) return;
  const [height, width, channels] = shape;
  const original = image.slice();
  image.fill(0);
  for (let y = 0; y < height; y++) {
    const fromY = y + down;
    if (fromY < 0 || fromY >= height) continue;
    for (let x = 0; x < width; x++) {
      const fromX = (mirrored ? width - 1 - x : x) + right;
      if (fromX < 0 || fromX >= width) continue;
      for (let channel = 0; channel < channels; channel++) {
        image[(y * width + x) * channels + channel] = original[(fromY * width + fromX) * channels + channel]!;
      }
    }
  }
}
