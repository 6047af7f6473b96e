/** Gradients of every operation that our nets use, on a tensor backend against `cpu`. */

import * as tf from '@tensorflow/tfjs-core';
import { functions } from './functions.mjs';
import { noise, relativeError } from './numbers.mjs';

/** Values and gradients of one function on the current backend, on the host. */
async function evaluate([, shapes, compute]) {
  const inputs = shapes.map((shape, i) =>
    tf.tensor(
      noise(
        i + 1,
        shape.reduce((a, b) => a * b, 1),
      ),
      shape,
    ),
  );
  const value = tf.tidy(() => compute(...inputs));
  const weights = tf.tensor(noise(99, value.size), value.shape);
  const gradients = tf.tidy(() => tf.grads((...xs) => tf.sum(tf.mul(compute(...xs), weights)))(inputs));
  const results = await Promise.all([value, ...gradients].map(tensor => tensor.data()));
  tf.dispose([...inputs, value, weights, ...gradients]);
  return results;
}

/** What a backend says it cannot do; nothing in our models needs it. */
const unsupported = { tensorflow: ['conv2d 5x5 explicit padding'] };

/** Largest relative error of value and gradients for every function, of `backend` against `cpu`. */
export async function compareGradients(backend) {
  const errors = {};
  for (const each of functions) {
    if (unsupported[backend]?.includes(each[0])) continue;
    await tf.setBackend(backend);
    const actual = await evaluate(each);
    await tf.setBackend('cpu');
    const expected = await evaluate(each);
    errors[each[0]] = Math.max(...actual.map((values, i) => relativeError(values, expected[i])));
  }
  await tf.setBackend(backend);
  return errors;
}

/** Says what is wrong, or nothing. */
export function problems({ errors, losses, leaked }, tolerance) {
  const found = Object.entries(errors)
    .filter(([, error]) => !(error <= tolerance))
    .map(([name, error]) => `${name}: gradients off by ${error}`);
  if (!losses.every(Number.isFinite) || !(losses.at(-1) < losses[0] * 0.9))
    found.push(`does not train: losses ${losses.join(', ')}`);
  if (leaked !== 0) found.push(`${leaked} tensors leaked`);
  return found;
}
