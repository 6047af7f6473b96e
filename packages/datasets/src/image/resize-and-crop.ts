import { checkOptions, type OptionRules, rules } from '@espalier/core';
import { type ImageTransform, interpolationRule, sizeRule } from './image-transform.js';
import type { Interpolation } from './resampling-weights.js';
import { resizeImage } from './resize.js';

/** Settings of {@link resizeAndCrop}. */
export interface ResizeAndCropOptions {
  /**
   * Length of the shorter side after the resize, from `size` to 4096.
   *
   * @defaultValue 256
   */
  readonly resize?: number | undefined;
  /**
   * Height and width of the middle that is cut out, from 1.
   *
   * @defaultValue 224
   */
  readonly size?: number | undefined;
  /**
   * Filter of the resize. The study of sparse transfer uses `'bicubic'` for RigL's checkpoints, `'bilinear'` for all
   * others.
   *
   * @defaultValue 'bilinear'
   */
  readonly interpolation?: Interpolation | undefined;
}

const resizeAndCropRules: OptionRules<ResizeAndCropOptions> = {
  resize: rules.optional(sizeRule),
  size: rules.optional(sizeRule),
  interpolation: rules.optional(interpolationRule),
};

/**
 * The usual transform for evaluation: the shorter side resized, the middle cut out. The same pixels as torchvision's
 * `Resize` and `CenterCrop` on Pillow images, including how they round halves. Draws no random numbers.
 *
 * @param options - Sizes, filter.
 * @returns A transform for {@link streamSequentialBatches}.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { resizeAndCrop } from '@espalier/datasets';
 *
 * console.log(resizeAndCrop({ resize: 73, size: 64 }).size); // 64
 * ```
 */
export function resizeAndCrop(options: ResizeAndCropOptions = {}): ImageTransform {
  checkOptions(options, resizeAndCropRules);
  const { resize = 256, size = 224, interpolation = 'bilinear' } = options;
  rules.integer({ from: size, to: 4096 })('resize', resize as never);
  return {
    size,
    apply: image => {
      const [height, width] = [image.height, image.width];
      const short = Math.min(height, width);
      const whole = {
        height: height === short ? resize : Math.trunc((resize * height) / short),
        width: width === short ? resize : Math.trunc((resize * width) / short),
      };
      const window = {
        top: roundHalfEven((whole.height - size) / 2),
        left: roundHalfEven((whole.width - size) / 2),
        height: size,
        width: size,
      };
      return resizeImage(image, { ...whole, interpolation, window });
    },
  };
}

/** As Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
