import { checkOptions, type OptionRules, rules } from '@espalier/core';
import { type ImageSize, imageSizeRule, sidesOf } from './image-size.js';
import { type ImageTransform, interpolationRule, sizeRule } from './image-transform.js';
import type { Interpolation } from './resampling-weights.js';
import { resizeImage } from './resize.js';

/** Settings of {@link resizeAndCrop}. */
export interface ResizeAndCropOptions {
  /**
   * Length of the shorter side after the resize, from `size` to 4096. For unequal sides it is the shorter side of a
   * rectangle of their shape, which the resized image just covers.
   *
   * @defaultValue 256
   */
  readonly resize?: number | undefined;
  /**
   * Height and width of the middle that is cut out, from 1; one number for a square.
   *
   * @defaultValue 224
   */
  readonly size?: ImageSize | undefined;
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
  size: rules.optional(imageSizeRule),
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
  const [height, width] = sidesOf(size);
  const shorter = Math.min(height, width);
  rules.integer({ from: shorter, to: 4096 })('resize', resize as never);
  const box = { height: Math.round((resize * height) / shorter), width: Math.round((resize * width) / shorter) };
  return {
    size,
    apply: image => {
      const whole = covering(image, box);
      const window = {
        top: roundHalfEven((whole.height - height) / 2),
        left: roundHalfEven((whole.width - width) / 2),
        height,
        width,
      };
      return resizeImage(image, { ...whole, interpolation, window });
    },
  };
}

interface Sides {
  readonly height: number;
  readonly width: number;
}

/** The size of an image once it just covers a box; the side that does not touch it is cut to whole pixels. */
function covering({ height, width }: Sides, box: Sides): Sides {
  const touches = height * box.width <= width * box.height;
  const other = touches ? Math.trunc((box.height * width) / height) : Math.trunc((box.width * height) / width);
  return touches
    ? { height: box.height, width: Math.max(box.width, other) }
    : { height: Math.max(box.height, other), width: box.width };
}

/** As Python's `round`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}
