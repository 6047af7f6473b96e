import * as tf from '@tensorflow/tfjs-core';
import type { DeviceMasks } from '../weights/device-masks.js';
import type { NamedTensor } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';
import type { Decay } from './weight-decay.js';

/**
 * One update of the inner optimizer with masked gradients, after which masked weights are exactly 0.
 *
 * With zero gradients and slots at their initial values every supported optimizer leaves masked weights alone; masking
 * them again costs one selection a layer and holds whatever else wrote to them.
 */
export function maskedUpdate(
  optimizer: tf.Optimizer,
  table: WeightTable,
  gradients: readonly (tf.Tensor | undefined)[],
  masks: DeviceMasks,
  decay: Decay | undefined,
): void {
  tf.tidy(() => {
    const masked = table.trainable.map((weight, i) => {
      const gradient = gradients[i];
      const decayed = gradient && decay ? decay(weight, gradient) : gradient;
      const tensor = decayed && masks.where(weight.name, decayed);
      return { name: weight.variable.name, tensor } as NamedTensor;
    });
    optimizer.applyGradients(masked);
  });
  masks.applyToWeights();
}
