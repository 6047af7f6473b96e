import * as tf from '@tensorflow/tfjs-core';
import { readFloats } from '../weights/tensors.js';

/*
 * Adam keeps β₁ᵗ and β₂ᵗ as running products. `setWeights` recomputes them with `pow`, which differs in the last bits,
 * so a checkpoint stores them and a resumed session puts them back.
 */

interface AdamFields {
  readonly accBeta1?: tf.Variable;
  readonly accBeta2?: tf.Variable;
}

function powersOf(optimizer: tf.Optimizer): tf.Variable[] {
  const { accBeta1, accBeta2 } = optimizer as unknown as AdamFields;
  return accBeta1 && accBeta2 ? [accBeta1, accBeta2] : [];
}

/** β₁ᵗ⁺¹ and β₂ᵗ⁺¹ after t updates; empty for optimizers without bias correction. */
export async function readPowers(optimizer: tf.Optimizer): Promise<number[]> {
  const values = await Promise.all(powersOf(optimizer).map(readFloats));
  return values.flatMap(value => [...value]);
}

/** Puts back what {@link readPowers} gave. Returns false if the optimizer keeps another number of powers. */
export function writePowers(optimizer: tf.Optimizer, powers: readonly number[]): boolean {
  const variables = powersOf(optimizer);
  if (variables.length !== powers.length) return false;
  tf.tidy(() => powers.forEach((power, i) => void variables[i]?.assign(tf.scalar(power))));
  return true;
}

/** Bias correction as for a new optimizer. */
export function resetPowers(optimizer: tf.Optimizer): void {
  const { beta1, beta2 } = optimizer.getConfig();
  if (typeof beta1 === 'number' && typeof beta2 === 'number') writePowers(optimizer, [beta1, beta2]);
}
