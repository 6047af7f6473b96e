import * as tf from '@tensorflow/tfjs-core';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { DeviceMasks } from '../weights/device-masks.js';
import type { NamedTensor } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';
import type { Decay } from './weight-decay.js';

/**
 * One update of raw weights, parameters and all other weights by the inner optimizer. Parameters come after all
 * weights, always at the same place, because TensorFlow.js finds slots by place.
 */
export function reparameterizedUpdate(
  optimizer: tf.Optimizer,
  table: WeightTable,
  gradients: readonly (tf.Tensor | undefined)[],
  masks: DeviceMasks,
  decay: Decay | undefined,
  hook: ReparameterizedWeights,
): void {
  tf.tidy(() => {
    const worked = new Map(
      table.trainable.map(({ name }, i) => {
        const gradient = gradients[i];
        return [name, gradient && hook.gradients(name, gradient, masks)] as const;
      }),
    );
    const parameters = hook.parameters.map(({ weight, decay: rate, variable }): NamedTensor => {
      const place = hook.get(weight)?.parameters.findIndex(each => each.variable === variable) ?? -1;
      const gradient = worked.get(weight)?.parameters[place];
      const tensor = gradient && rate > 0 ? tf.add(gradient, tf.mul(variable, rate)) : gradient;
      return { name: variable.name, tensor } as NamedTensor;
    });
    hook.expose();
    try {
      const weights = table.trainable.map((weight, i): NamedTensor => {
        const gradient = worked.get(weight.name)?.raw ?? gradients[i];
        const decayed = gradient && decay ? decay(weight, gradient) : gradient; // reads the raw weight
        const dense = hook.masking === 'effective';
        return {
          name: weight.variable.name,
          tensor: decayed && !dense ? masks.where(weight.name, decayed) : decayed,
        } as NamedTensor;
      });
      optimizer.applyGradients([...weights, ...parameters]);
    } finally {
      hook.collect(masks);
    }
  });
}
