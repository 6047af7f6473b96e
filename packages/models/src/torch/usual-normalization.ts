import type { Leaf } from '../leaves.js';
import { familyMark, mobileFamily } from './mobile-family.js';

/** Layers by which an architecture of ImageNet shows. */
const marks = ['layer1_0_conv1', 'features_0', 'conv_dw_1', familyMark];

/** Names of the normalizations that published weights go with. */
export type UsualNormalization = 'imagenet' | 'efficientnet-lite' | 'minus-one-to-one';

/**
 * Name of the normalization of the images that published weights of an architecture were trained on; undefined where
 * none is usual. What came from TensorFlow shows by its epsilon: EfficientNet-Lite of the authors, and MobileNetV3 with
 * timm's names, whereas torchvision has that epsilon, too.
 */
export function usualNormalization(
  leaves: readonly Leaf[],
  { epsilon, torchvision }: { readonly epsilon: number; readonly torchvision: boolean },
): UsualNormalization | undefined {
  const names = new Set(leaves.map(({ layer }) => layer.name));
  if (!marks.some(mark => names.has(mark))) return undefined;
  const family = mobileFamily(leaves);
  if (epsilon < 1e-4 || torchvision || family === undefined) return 'imagenet';
  return family === 'efficientnet-lite' ? 'efficientnet-lite' : 'minus-one-to-one';
}
