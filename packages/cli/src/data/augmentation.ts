import { type ImageTransform, randomFlip, randomResizedCrop } from '@espalier/datasets';
import { type ImageFit, transformOf } from './image-fit.js';

/** Names of what may be done to training images. */
export const augmentations = ['none', 'flip', 'crop', 'crop-flip'] as const;

/** One of them. */
export type AugmentationName = (typeof augmentations)[number];

/** The transform of training images: what test images get, mirrored or not, or a random rectangle of the image. */
export function trainingTransform(fit: ImageFit, augment: AugmentationName): ImageTransform {
  const { size, interpolation } = fit;
  if (augment === 'none') return transformOf(fit);
  if (augment === 'flip') return randomFlip(transformOf(fit));
  return randomResizedCrop({ size, interpolation, flip: augment === 'crop-flip' });
}
