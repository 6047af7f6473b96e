import { checkOptions, type OptionRule, type OptionRules, rules } from '@espalier/core';
import type { RandomStream } from '../batch/random.js';
import { cropImage, type DecodedImage, mirrorImage, type Rectangle } from './decoded-image.js';
import { type ImageSize, imageSizeRule, sidesOf } from './image-size.js';
import { type ImageTransform, interpolationRule } from './image-transform.js';
import type { Interpolation } from './resampling-weights.js';
import { resizeImage } from './resize.js';

/** Settings of {@link randomResizedCrop}. */
export interface RandomResizedCropOptions {
  /**
   * Height and width of the results, from 1 to 4096; one number for squares.
   *
   * @defaultValue 224
   */
  readonly size?: ImageSize | undefined;
  /**
   * Smallest and largest part of the image's area that is cut out, above 0 and at most 1.
   *
   * @defaultValue [0.08, 1]
   */
  readonly scale?: readonly [smallest: number, largest: number] | undefined;
  /**
   * Smallest and largest width of the cut divided by its height, above 0.
   *
   * @defaultValue 3/4 and 4/3 of that of the results, so [3/4, 4/3] for squares
   */
  readonly ratio?: readonly [smallest: number, largest: number] | undefined;
  /**
   * Whether half of the images are mirrored left to right.
   *
   * @defaultValue true
   */
  readonly flip?: boolean | undefined;
  /**
   * Filter of the resize.
   *
   * @defaultValue 'bilinear'
   */
  readonly interpolation?: Interpolation | undefined;
}

const range = (expected: string, most: number): OptionRule =>
  rules.that(`two numbers ${expected}, the smaller one first`, value => {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isFinite)) return false;
    const [smallest, largest] = value as [number, number];
    return smallest > 0 && smallest <= largest && largest <= most;
  });

const randomResizedCropRules: OptionRules<RandomResizedCropOptions> = {
  size: rules.optional(imageSizeRule),
  scale: rules.optional(range('above 0 and at most 1', 1)),
  ratio: rules.optional(range('above 0', Number.MAX_VALUE)),
  flip: rules.optional(rules.boolean),
  interpolation: rules.optional(interpolationRule),
};

/**
 * The usual augmentation for ImageNet: a rectangle of random area, shape and place, resized, mirrored half of the
 * time. Draws areas evenly and shapes evenly on a logarithmic scale, tries ten times, then takes the middle, as
 * torchvision does; for results of unequal sides the shapes are those around theirs.
 *
 * @param options - Size, range of area and shape, mirroring, filter.
 * @returns A transform for {@link streamBatches}.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range.
 * @see Szegedy et al. 2015, "Going deeper with convolutions", section 6.
 *
 * @example
 * ```ts
 * import { randomResizedCrop } from '@espalier/datasets';
 *
 * console.log(randomResizedCrop({ size: 64 }).size); // 64
 * ```
 */
export function randomResizedCrop(options: RandomResizedCropOptions = {}): ImageTransform {
  checkOptions(options, randomResizedCropRules);
  const { size = 224, scale = [0.08, 1], flip = true, interpolation = 'bilinear' } = options;
  const [height, width] = sidesOf(size);
  const shape = width / height;
  const ratio = options.ratio ?? [(3 / 4) * shape, (4 / 3) * shape];
  return {
    size,
    apply: (image, random) => {
      const cut = cropImage(image, randomRectangle(image, scale, ratio, random));
      const result = resizeImage(cut, { height, width, interpolation });
      if (flip && random.below(2) === 1) mirrorImage(result);
      return result;
    },
  };
}

function randomRectangle(
  { height, width }: DecodedImage,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: RandomStream,
): Rectangle {
  const [narrowest, widest] = ratio;
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = height * width * between(scale[0], scale[1], random);
    const shape = Math.exp(between(Math.log(narrowest), Math.log(widest), random));
    const columns = Math.round(Math.sqrt(area * shape));
    const rows = Math.round(Math.sqrt(area / shape));
    if (columns < 1 || rows < 1 || columns > width || rows > height) continue;
    const top = random.below(height - rows + 1);
    return { top, left: random.below(width - columns + 1), height: rows, width: columns };
  }
  const rows = Math.min(height, Math.max(1, Math.round(width / narrowest)));
  const columns = Math.min(width, Math.max(1, Math.round(height * widest)));
  return { top: (height - rows) >> 1, left: (width - columns) >> 1, height: rows, width: columns };
}

const between = (low: number, high: number, random: RandomStream): number => low + (high - low) * random.uniform();
