import * as tf from '@tensorflow/tfjs-core';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { NamedTensor } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';
import { readPowers, writePowers } from './adam-powers.js';
import { readSlots } from './optimizer-slots.js';

/**
 * Replaces all of an optimizer's state; the tensors stay the caller's. Returns false if the optimizer corrects its bias
 * by another number of powers.
 */
export async function replaceState(
  optimizer: tf.Optimizer,
  iterations: number,
  powers: readonly number[],
  slots: readonly NamedTensor[],
): Promise<boolean> {
  const count = { name: 'iter', tensor: tf.scalar(iterations, 'int32') };
  try {
    await optimizer.setWeights([count, ...slots]);
  } finally {
    count.tensor.dispose();
  }
  return writePowers(optimizer, powers); // after setWeights, which recomputes them
}

/** Takes the parameters' slots, which come after the weights' in each kind, out of the optimizer. */
export async function forgetParameters(
  optimizer: tf.Optimizer,
  table: WeightTable,
  reparameterized: ReparameterizedWeights,
): Promise<void> {
  const { slots, parameterSlots } = await readSlots(optimizer, table, reparameterized);
  if (parameterSlots.length === 0) return;
  const kept = slots.map(({ weight, slot, variable }): NamedTensor => {
    return { name: `${weight.variable.name}/${slot}`, tensor: variable };
  });
  await replaceState(optimizer, optimizer.iterations, await readPowers(optimizer), kept);
  tf.dispose([...slots, ...parameterSlots].map(({ variable }) => variable));
}
