import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { DecodedImage } from './decoded-image.js';
import { type ImageSize, imageSizeRule, sidesOf } from './image-size.js';
import { type ImageTransform, interpolationRule, sizeRule } from './image-transform.js';
import type { Interpolation } from './resampling-weights.js';
import { resizeImage } from './resize.js';
import { resizeAndCrop } from './resize-and-crop.js';

/** How an image of any shape becomes one of a given size. */
export type FitRule = 'crop' | 'squash' | 'pad';

/** Settings of {@link fitImage}. */
export interface FitImageOptions {
  /** Height and width of the results, from 1 to 4096; one number for squares. */
  readonly size: ImageSize;
  /**
   * `'crop'` resizes the image until it covers the result and more, and cuts out the middle; `'squash'` resizes both
   * sides, whatever the shape was; `'pad'` resizes the image until it fits in, and puts black around it, as evenly as
   * it goes.
   *
   * @defaultValue 'crop'
   */
  readonly rule?: FitRule | undefined;
  /**
   * For `'crop'`, length of the shorter side after the resize, from the shorter side of `size` to 4096; see
   * {@link resizeAndCrop}.
   *
   * @defaultValue 8/7 of the size, rounded: 256 for 224
   */
  readonly resize?: number | undefined;
  /**
   * Filter of the resize.
   *
   * @defaultValue 'bilinear'
   */
  readonly interpolation?: Interpolation | undefined;
}

/**
 * Names of the rules of {@link fitImage}.
 *
 * @example
 * ```ts
 * import { fitRules } from '@espalier/datasets';
 *
 * console.log(fitRules.join()); // crop,squash,pad
 * ```
 */
export const fitRules: readonly FitRule[] = ['crop', 'squash', 'pad'];

const fitImageRules: OptionRules<FitImageOptions> = {
  size: imageSizeRule,
  rule: rules.optional(rules.oneOf(...fitRules)),
  resize: rules.optional(sizeRule),
  interpolation: rules.optional(interpolationRule),
};

/**
 * A transform for evaluation by the name of its rule, as options and files name it. Draws no random numbers.
 *
 * @param options - Size, rule, filter.
 * @returns A transform for {@link streamSequentialBatches}.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example A row of two pixels becomes a square with black above and below.
 * ```ts
 * import { fitImage } from '@espalier/datasets';
 *
 * const image = { height: 2, width: 4, pixels: new Uint8Array(24).fill(255) };
 * const random = { below: () => 0, uniform: () => 0 };
 * const { pixels } = fitImage({ size: 4, rule: 'pad' }).apply(image, random);
 * console.log([0, 4, 8, 12].map(pixel => pixels[3 * pixel])); // [0, 255, 255, 0]
 * ```
 */
export function fitImage(options: FitImageOptions): ImageTransform {
  checkOptions(options, fitImageRules);
  const { size, rule = 'crop', interpolation = 'bilinear' } = options;
  const [height, width] = sidesOf(size);
  if (rule === 'crop') {
    const resize = options.resize ?? Math.min(4096, Math.round((Math.min(height, width) * 8) / 7));
    return resizeAndCrop({ size, resize, interpolation });
  }
  const apply = (image: DecodedImage): DecodedImage =>
    rule === 'squash'
      ? resizeImage(image, { height, width, interpolation })
      : padded(image, { height, width }, interpolation);
  return { size, apply };
}

function padded(
  image: DecodedImage,
  size: { readonly height: number; readonly width: number },
  interpolation: Interpolation,
): DecodedImage {
  const high = image.height * size.width >= image.width * size.height;
  const [part, whole] = high ? [size.height, image.height] : [size.width, image.width];
  const side = (length: number): number => Math.max(1, Math.round((part * length) / whole));
  const [height, width] = [side(image.height), side(image.width)];
  const { pixels } = resizeImage(image, { height, width, interpolation });
  const result = new Uint8Array(size.height * size.width * 3);
  const [top, left] = [(size.height - height) >> 1, (size.width - width) >> 1];
  for (let y = 0; y < height; y++) {
    result.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * size.width + left) * 3);
  }
  return { ...size, pixels: result };
}
