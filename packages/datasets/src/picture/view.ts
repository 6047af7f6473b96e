import { InvalidDatasetOptionError } from '../errors.js';
import type { RandomStream } from '../random.js';
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

/** Refuses a size that is no whole number from `least` to 4096. */
export function requireSize(option: string, size: number, least = 1): void {
  if (Number.isSafeInteger(size) && size >= least && size <= 4096) return;
  throw new InvalidDatasetOptionError(option, `a whole number from ${least} to 4096`, size);
}
