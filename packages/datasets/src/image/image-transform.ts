import { type OptionRule, rules } from '@espalier/core';
import type { RandomStream } from '../batch/random.js';
import type { DecodedImage } from './decoded-image.js';
import type { ImageSize } from './image-size.js';

/** Makes images of one size out of images of any size. */
export interface ImageTransform {
  /** Height and width of the results; one number for squares. */
  readonly size: ImageSize;
  /**
   * Makes one image.
   *
   * @param image - What was decoded; not changed.
   * @param random - Numbers that belong to this example in this epoch alone.
   * @returns An image of that size.
   */
  apply(image: DecodedImage, random: RandomStream): DecodedImage;
}

/** Length of a side. */
export const sizeRule: OptionRule = rules.integer({ from: 1, to: 4096 });

export const interpolationRule: OptionRule = rules.oneOf('bilinear', 'bicubic');

/** A transform, ours or a caller's. */
export const transformRule: OptionRule = rules.that('a transform, with size and apply', value => {
  const { size, apply } = (value ?? {}) as Partial<ImageTransform>;
  const sides = Array.isArray(size) && size.length === 2 ? size : [size];
  return sides.every(side => Number.isSafeInteger(side) && side >= 1) && typeof apply === 'function';
});
