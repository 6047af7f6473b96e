import { ArchitectureMismatchError } from '../framework-errors.js';
import type { Leaf } from '../leaves.js';
import type { CheckpointOrigin } from './checkpoint-origin.js';

/**
 * Refuses models that would take the weights but compute something else: another epsilon, stride, padding, or border of
 * the max pooling.
 */
export function checkArchitecture(leaves: readonly Leaf[], epsilon: number, origin: CheckpointOrigin): void {
  checkPadding(leaves, epsilon, origin);
  for (const { layer } of leaves) {
    const config = layer.getConfig();
    if (layer.getClassName() === 'BatchNormalization' && Math.abs((config.epsilon as number) / epsilon - 1) > 1e-6) {
      const variant = origin.family === 'mobilenet-v3' && !origin.torchvision ? 'timm' : 'torch';
      const remedy = `Build it with PyTorch's epsilon (variant: '${variant}'), or name the checkpoint's in \`epsilon\`.`;
      throw new ArchitectureMismatchError('torch', layer.name, 'epsilon', epsilon, config.epsilon, remedy);
    }
    if (layer.name === 'layer2_0_conv1' && leaves.some(other => other.layer.name === 'layer2_0_conv3')) {
      const [stride] = config.strides as [number, number];
      const remedy = "Build it with strideAt: '3x3'.";
      if (stride !== 1) throw new ArchitectureMismatchError('torch', layer.name, 'stride', 1, stride, remedy);
    }
    if (layer.name === 'maxpool_pad') {
      const expected = origin.rigl ? 0 : 1;
      const [[top]] = config.padding as [[number, number], [number, number]];
      if (top === expected) continue;
      const remedy = `Build it with poolPadding: '${origin.rigl ? 'end' : 'both'}'.`;
      throw new ArchitectureMismatchError('torch', layer.name, 'zeros above and at the left', expected, top, remedy);
    }
  }
}

/**
 * MobileNetV2 and V3 are padded as TensorFlow does only in those of timm that came from there, which have its epsilon.
 */
function checkPadding(leaves: readonly Leaf[], epsilon: number, { family, torchvision }: CheckpointOrigin): void {
  if (family !== 'mobilenet-v2' && family !== 'mobilenet-v3') return;
  const padding = leaves.find(({ layer }) => layer.name === 'conv_stem')?.layer.getConfig().padding;
  const expected = epsilon > 1e-4 && !torchvision ? 'same' : 'valid';
  if (padding === undefined || padding === expected) return;
  const variant = expected === 'same' ? 'keras' : torchvision || family === 'mobilenet-v2' ? 'torch' : 'timm';
  const remedy = `Build it with variant: '${variant}'.`;
  throw new ArchitectureMismatchError('torch', 'conv_stem', 'padding', expected, padding, remedy);
}
