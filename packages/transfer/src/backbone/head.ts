import { initializers, type layers as Layers, layers } from '@tensorflow/tfjs-layers';

/** Name of the layer that takes the place of the classifier. */
export const headName = 'transfer_head';

/** A dense layer with PyTorch's initial weights: kernel and bias uniform within 1 / √dimension. */
export function newHead(dimension: number, classes: number, seed: number): Layers.Layer {
  const bound = 1 / Math.sqrt(dimension);
  const uniform = (part: number): ReturnType<typeof initializers.randomUniform> =>
    initializers.randomUniform({ minval: -bound, maxval: bound, seed: 2 * seed + part });
  return layers.dense({
    name: headName,
    units: classes,
    inputShape: [dimension],
    kernelInitializer: uniform(1),
    biasInitializer: uniform(2),
  });
}
