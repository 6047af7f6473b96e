import type { Leaf } from '../leaves.js';

/** Layers by which an architecture of ImageNet shows. */
const marks = ['layer1_0_conv1', 'features_0', 'conv_dw_1', 'blocks_0_0_conv_dw'];

/**
 * Name of the normalization of the images that published weights of an architecture were trained on; undefined where
 * none is usual. EfficientNet-Lite of the authors shows by its epsilon.
 */
export function usualNormalization(
  leaves: readonly Leaf[],
  epsilon: number,
): 'imagenet' | 'efficientnet-lite' | undefined {
  const names = new Set(leaves.map(({ layer }) => layer.name));
  if (!marks.some(mark => names.has(mark))) return undefined;
  return names.has('blocks_0_0_conv_dw') && epsilon > 1e-4 ? 'efficientnet-lite' : 'imagenet';
}
