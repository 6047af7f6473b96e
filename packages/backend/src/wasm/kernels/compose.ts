import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { input } from './kernel.js';

/**
 * Computes a kernel's output by other operations. They are not noted for gradients, as this happens inside of a kernel,
 * and what they leave behind is disposed.
 */
export function compose(operations: () => tf.Tensor): TensorInfo {
  return tf.tidy(operations);
}

/** An input as a tensor, which is what the engine passes to kernels. */
export function tensorOf<Rank extends tf.Tensor = tf.Tensor>(inputs: NamedTensorInfoMap, name: string): Rank {
  return input(inputs, name) as Rank;
}

/** Adds the bias and applies the activation of a fused kernel. */
export function finish(
  y: tf.Tensor,
  inputs: NamedTensorInfoMap,
  { activation, leakyreluAlpha }: { readonly activation?: string; readonly leakyreluAlpha?: number },
): tf.Tensor {
  const sum = inputs.bias === undefined || inputs.bias === null ? y : tf.add(y, tensorOf(inputs, 'bias'));
  switch (activation ?? 'linear') {
    case 'linear':
      return sum;
    case 'relu':
      return tf.relu(sum);
    case 'relu6':
      return tf.relu6(sum);
    case 'elu':
      return tf.elu(sum);
    case 'sigmoid':
      return tf.sigmoid(sum);
    case 'leakyrelu':
      return tf.leakyRelu(sum, leakyreluAlpha);
    case 'prelu':
      return tf.prelu(sum, tensorOf(inputs, 'preluActivationWeights'));
    default:
      throw new Error(`Activation ${activation} has not been implemented for fused kernels on wasm.`);
  }
}
