import { type Checkpoint, fixed } from '@espalier/core';
import { disposeOptimizer, type ModelWeight, modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';

/** The model's checkpoint with all weights 1 and some entries masked; disposes the model. */
export async function checkpointOf(model: LayersModel, masked: Record<string, number[]> = {}): Promise<Checkpoint> {
  const depthwise = ({ name }: ModelWeight): boolean => name.endsWith('depthwise_kernel');
  const hasDepthwise = modelWeights(model).some(depthwise);
  const weights = modelWeights(model, hasDepthwise ? { include: [depthwise] } : {}); // dense by default
  for (const { variable } of weights) tf.tidy(() => void variable.assign(tf.ones(variable.shape)));
  const optimizer = tf.train.sgd(0.1);
  const masks = new Map(
    Object.entries(masked).map(([name, indices]) => {
      const mask = new Uint8Array(weights.find(weight => weight.name === name)?.variable.size ?? 0).fill(1);
      for (const index of indices) mask[index] = 0;
      return [name, mask] as const;
    }),
  );
  const session = await PruningSession.start(fixed(), { weights, optimizer, masks, seed: 4 });
  const checkpoint = await session.checkpoint({ model, metadata: { dataset: 'none' } });
  session.dispose();
  disposeOptimizer(optimizer);
  model.dispose();
  return checkpoint;
}

/** A convolution of 18 weights at 2x2 places, normalization, and a dense layer of 24. */
export const tiny = (): LayersModel =>
  sequential({
    name: 'tiny',
    layers: [
      layers.conv2d({ name: 'conv', inputShape: [5, 5, 1], filters: 2, kernelSize: 3, strides: 2, useBias: false }),
      layers.batchNormalization({ name: 'norm' }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'head', units: 3 }),
    ],
  });
