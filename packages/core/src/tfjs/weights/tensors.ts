import * as tf from '@tensorflow/tfjs-core';

/** A named tensor; tfjs-core does not export this type by name. `tensor` is missing where no gradient arrives. */
export type NamedTensor = Awaited<ReturnType<tf.Optimizer['getWeights']>>[number];

/** Values of a tensor as a copy of its own: some backends hand out their live memory. */
export async function readFloats(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data();
  return data instanceof Float32Array ? data.slice() : Float32Array.from(data);
}

/** Overwrites a variable from host memory. */
export function assignFloats(variable: tf.Variable, values: Float32Array): void {
  // The copy keeps later changes of `values` out: the CPU backend holds on to the array it is given.
  tf.tidy(() => variable.assign(tf.tensor(values.slice(), variable.shape, variable.dtype)));
}
