import { type OptionRule, rules } from '@espalier/core';
import type { RandomStream } from '../batch/random.js';
import type { Picture } from './picture.js';

/** Makes images of one size out of pictures of any size. */
export interface PictureView {
  /** Height and width of the results. */
  readonly size: number;
  /**
   * Makes one image.
   *
   * @param picture - What was decoded; not changed.
   * @param random - Numbers that belong to this example in this epoch alone.
   * @returns A picture of `size` by `size`.
   */
  apply(picture: Picture, random: RandomStream): Picture;
}

/** Height and width of what a view makes. */
export const sizeRule: OptionRule = rules.integer({ from: 1, to: 4096 });

export const interpolationRule: OptionRule = rules.oneOf('bilinear', 'bicubic');

/** A view, ours or a caller's. */
export const viewRule: OptionRule = rules.that('a view, with size and apply', value => {
  const { size, apply } = (value ?? {}) as Partial<PictureView>;
  return Number.isSafeInteger(size) && (size as number) >= 1 && typeof apply === 'function';
});
