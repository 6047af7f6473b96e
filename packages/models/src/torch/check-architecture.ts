import { ArchitectureMismatchError } from '../framework-errors.js';
import type { Leaf } from '../leaves.js';

/** Refuses models that would take the weights but compute something else: another epsilon, stride or
 * border of the max pooling. */
export function checkArchitecture(leaves: readonly Leaf[], epsilon: number, rigl: boolean): void {
  for (const { layer } of leaves) {
    const config = layer.getConfig();
    if (layer.getClassName() === 'BatchNormalization' && Math.abs((config.epsilon as number) / epsilon - 1) > 1e-6) {
      const remedy = "Build it with PyTorch's epsilon (variant: 'torch'), or name the checkpoint's in `epsilon`.";
      throw new ArchitectureMismatchError('torch', layer.name, 'epsilon', epsilon, config.epsilon, remedy);
    }
    if (layer.name === 'layer2_0_conv1' && leaves.some(other => other.layer.name === 'layer2_0_conv3')) {
      const [stride] = config.strides as [number, number];
      const remedy = "Build it with strideAt: '3x3'.";
      if (stride !== 1) throw new ArchitectureMismatchError('torch', layer.name, 'stride', 1, stride, remedy);
    }
    if (layer.name === 'maxpool_pad') {
      const expected = rigl ? 0 : 1;
      const [[top]] = config.padding as [[number, number], [number, number]];
      if (top === expected) continue;
      const remedy = `Build it with poolPadding: '${rigl ? 'end' : 'both'}'.`;
      throw new ArchitectureMismatchError('torch', layer.name, 'zeros above and at the left', expected, top, remedy);
    }
  }
}
