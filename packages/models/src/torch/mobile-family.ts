import type { Leaf } from '../leaves.js';

/** Networks of inverted residual blocks whose layers have timm's names. */
export type MobileFamily = 'efficientnet-lite' | 'mobilenet-v2' | 'mobilenet-v3';

/** The first block's depthwise convolution, which all of them have. */
export const familyMark = 'blocks_0_0_conv_dw';

/** The last convolution of MobileNetV3, a stage of its own in timm. */
export const lastConvolution: RegExp = /^(blocks_\d+_0)_conv$/;

/**
 * Which of the networks these layers are: MobileNetV3 shows by its last convolution, EfficientNet-Lite by the 5x5
 * kernels of its third stage. Undefined for all other networks.
 */
export function mobileFamily(leaves: readonly Leaf[]): MobileFamily | undefined {
  const layers = new Map(leaves.map(({ layer }) => [layer.name, layer]));
  if (!layers.has(familyMark)) return undefined;
  if ([...layers.keys()].some(name => lastConvolution.test(name))) return 'mobilenet-v3';
  const kernel = layers.get('blocks_2_0_conv_dw')?.weights[0]?.shape;
  return kernel?.[0] === 5 ? 'efficientnet-lite' : 'mobilenet-v2';
}
