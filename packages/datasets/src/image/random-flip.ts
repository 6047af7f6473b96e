import { type DecodedImage, mirrorImage } from './decoded-image.js';
import { type ImageTransform, transformRule } from './image-transform.js';

/**
 * A transform with half of its results mirrored left to right, for training.
 *
 * @param transform - Any transform; draws its random numbers first.
 * @returns A transform of the same size.
 * @throws {@link InvalidOptionError} if it is no transform.
 *
 * @example
 * ```ts
 * import { fitImage, randomFlip } from '@espalier/datasets';
 *
 * console.log(randomFlip(fitImage({ size: 64 })).size); // 64
 * ```
 */
export function randomFlip(transform: ImageTransform): ImageTransform {
  transformRule('transform', transform as never);
  return {
    size: transform.size,
    apply: (image, random): DecodedImage => {
      const result = transform.apply(image, random);
      if (random.below(2) === 0) return result;
      const mirrored = { ...result, pixels: result.pixels.slice() };
      mirrorImage(mirrored);
      return mirrored;
    },
  };
}
