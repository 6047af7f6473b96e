import * as tf from '@tensorflow/tfjs-core';
import type { DeviceMasks } from './device-masks.js';
import type { ModelWeight } from './model-weight.js';
import type { NamedTensor } from './tensors.js';
import type { WeightTable } from './weight-table.js';

/** One slot of one weight: the live variable, found by name, never by position. */
export interface Slot {
  readonly weight: ModelWeight;
  /** What follows the weight's name: `momentum`, `m`, `v`, … */
  readonly slot: string;
  readonly variable: tf.Variable;
  /** Value of an entry that never received a gradient. */
  readonly initial: number;
}

/** What an optimizer holds, seen from a session's weights. */
export interface OptimizerSlots {
  readonly slots: readonly Slot[];
  /** Names of slots that belong to none of the session's trainable weights. */
  readonly foreign: readonly string[];
}

/** Reads the optimizer's state list; its first entry, the iteration count, is a copy that the caller must free. */
async function stateOf(optimizer: tf.Optimizer): Promise<NamedTensor[]> {
  const [iterations, ...rest] = await optimizer.getWeights();
  iterations?.tensor.dispose(); // tensorflow/tfjs#8238: nobody else does
  return rest;
}

export async function readSlots(optimizer: tf.Optimizer, table: WeightTable): Promise<OptimizerSlots> {
  const { initialAccumulatorValue } = optimizer.getConfig();
  const initial = typeof initialAccumulatorValue === 'number' ? initialAccumulatorValue : 0;
  const slots: Slot[] = [];
  const foreign: string[] = [];
  for (const { name, tensor } of await stateOf(optimizer)) {
    const slash = name.lastIndexOf('/');
    const weight = table.byVariable(name.slice(0, slash));
    if (slash < 0 || !weight?.trainable) foreign.push(name);
    else slots.push({ weight, slot: name.slice(slash + 1), variable: tensor as tf.Variable, initial });
  }
  return { slots, foreign };
}

function initialLike({ variable, initial }: Slot): tf.Tensor {
  return initial === 0 ? tf.zerosLike(variable) : tf.fill(variable.shape, initial);
}

/** Returns masked entries to the slot's initial value. */
export function clearMasked(slots: readonly Slot[], masks: DeviceMasks): void {
  for (const slot of slots) {
    if (!masks.has(slot.weight.name)) continue;
    tf.tidy(() => slot.variable.assign(masks.where(slot.weight.name, slot.variable, initialLike(slot))));
  }
}

/** Returns all entries to the slot's initial value. */
export function clearAll(slots: readonly Slot[]): void {
  for (const slot of slots) tf.tidy(() => void slot.variable.assign(initialLike(slot)));
}
