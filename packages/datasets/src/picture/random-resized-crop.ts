import { InvalidDatasetOptionError } from '../errors.js';
import type { RandomStream } from '../random.js';
import { cropPicture, mirrorPicture, type Picture, type Rectangle } from './picture.js';
import type { Interpolation } from './resampling-weights.js';
import { resizePicture } from './resize.js';
import { type PictureView, requireSize } from './view.js';

/** Settings of {@link randomResizedCrop}. */
export interface RandomResizedCropOptions {
  /**
   * Height and width of the results, from 1 to 4096.
   *
   * @defaultValue 224
   */
  readonly size?: number;
  /**
   * Smallest and largest part of the picture's area that is cut out, above 0 and at most 1.
   *
   * @defaultValue [0.08, 1]
   */
  readonly scale?: readonly [smallest: number, largest: number];
  /**
   * Smallest and largest width of the cut divided by its height, above 0.
   *
   * @defaultValue [3/4, 4/3]
   */
  readonly ratio?: readonly [smallest: number, largest: number];
  /**
   * Whether half of the images are mirrored left to right.
   *
   * @defaultValue true
   */
  readonly flip?: boolean;
  /**
   * Filter of the resize.
   *
   * @defaultValue 'bilinear'
   */
  readonly interpolation?: Interpolation;
}

/**
 * The usual augmentation for ImageNet: a rectangle of random area, shape and place, resized to a square, mirrored half of the
 * time. Draws areas evenly and shapes evenly on a logarithmic scale, tries ten times, then takes the middle, as torchvision does.
 *
 * @param options - Size, range of area and shape, mirroring, filter.
 * @returns A view for {@link streamBatches}.
 * @throws {@link InvalidDatasetOptionError} if an option is out of range.
 * @see Szegedy et al. 2015, "Going deeper with convolutions", section 6.
 *
 * @example
 * ```ts
 * import { randomResizedCrop } from '@espalier/datasets';
 *
 * console.log(randomResizedCrop({ size: 64 }).size); // 64
 * ```
 */
export function randomResizedCrop(options: RandomResizedCropOptions = {}): PictureView {
  const { size = 224, scale = [0.08, 1], ratio = [3 / 4, 4 / 3], flip = true, interpolation = 'bilinear' } = options;
  requireSize('size', size);
  if (!(scale[0] > 0 && scale[0] <= scale[1] && scale[1] <= 1)) {
    throw new InvalidDatasetOptionError('scale', 'two numbers above 0 and at most 1, the smaller one first', scale);
  }
  if (!(ratio[0] > 0 && ratio[0] <= ratio[1] && ratio[1] < Number.POSITIVE_INFINITY)) {
    throw new InvalidDatasetOptionError('ratio', 'two numbers above 0, the smaller one first', ratio);
  }
  return {
    size,
    apply: (picture, random) => {
      const cut = cropPicture(picture, randomRectangle(picture, scale, ratio, random));
      const result = resizePicture(cut, { height: size, width: size, interpolation });
      if (flip && random.below(2) === 1) mirrorPicture(result);
      return result;
    },
  };
}

function randomRectangle(
  { height, width }: Picture,
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
