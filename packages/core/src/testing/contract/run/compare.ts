import type * as tf from '@tensorflow/tfjs-core';
import type { ModelWeight } from '../../../tfjs/weights/model-weight.js';
import { requireThat } from './contract-case.js';

/** Arrays by name, e.g. the weights of a model at one moment. */
export type NamedArrays = ReadonlyMap<string, ArrayLike<number>>;

/** Every weight as a copy. */
export async function readWeights(weights: readonly ModelWeight[]): Promise<Map<string, Float32Array>> {
  return new Map(await Promise.all(weights.map(async ({ name, variable }) => [name, await copyOf(variable)] as const)));
}

/** Every slot of an optimizer as a copy. */
export async function readSlotValues(optimizer: tf.Optimizer): Promise<Map<string, Float32Array>> {
  const [iterations, ...slots] = await optimizer.getWeights();
  iterations?.tensor.dispose();
  return new Map(await Promise.all(slots.map(async ({ name, tensor }) => [name, await copyOf(tensor)] as const)));
}

async function copyOf(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}

/** Throws unless both hold the same numbers, bit for bit. */
export function requireSame(what: string, actual: NamedArrays, expected: NamedArrays): void {
  requireThat(actual.size === expected.size, () => `There are ${actual.size} ${what}, not ${expected.size}.`);
  for (const [name, values] of expected) {
    const found = actual.get(name);
    requireThat(found?.length === values.length, () => `The ${what} of "${name}" are missing or of another length.`);
    for (let i = 0; i < values.length; i++) {
      requireThat(
        Object.is(found[i], values[i]),
        () => `${what} of "${name}" differ at ${i}: ${found[i]}, not ${values[i]}.`,
      );
    }
  }
}
