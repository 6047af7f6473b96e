import type { Leaf } from '../leaves.js';
import { isRiglName } from './layer-names.js';
import { type MobileFamily, mobileFamily } from './mobile-family.js';
import { isTorchvisionMobile } from './torchvision-mobile-names.js';
import { isUnderscored } from './underscored-names.js';

/** What the names in a checkpoint say of where it comes from. */
export interface CheckpointOrigin {
  /** Converted from RigL's TensorFlow code. */
  readonly rigl: boolean;
  /** From `efficientnet_lite_pytorch`. */
  readonly underscored: boolean;
  /** Network of inverted residual blocks that it is for, and whether it has torchvision's names of its layers. */
  readonly family: MobileFamily | undefined;
  readonly torchvision: boolean;
}

/** Where a checkpoint comes from, by the names of its modules and the network that it is for. */
export function checkpointOrigin(modules: readonly string[], leaves: readonly Leaf[]): CheckpointOrigin {
  const family = mobileFamily(leaves);
  return {
    family,
    rigl: modules.some(isRiglName),
    underscored: modules.some(isUnderscored),
    torchvision: family !== undefined && modules.some(isTorchvisionMobile),
  };
}

/** Epsilon of the normalization of checkpoints from there. */
export function usualEpsilon({ underscored, family, torchvision }: CheckpointOrigin): number {
  return underscored || (torchvision && family === 'mobilenet-v3') ? 1e-3 : 1e-5;
}

/** How images were resized for checkpoints from there. */
export function usualResize(
  { rigl, underscored, family, torchvision }: CheckpointOrigin,
  epsilon: number,
): 'bilinear' | 'bicubic' {
  const timm = !torchvision && epsilon < 1e-4 && (family === 'mobilenet-v2' || family === 'mobilenet-v3');
  return rigl || underscored || timm ? 'bicubic' : 'bilinear';
}
