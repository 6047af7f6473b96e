import * as tf from '@tensorflow/tfjs-core';
import type { LayerParameter } from '../reparameterization/reparameterized-weight.js';
import type { ReparameterizedWeights } from '../reparameterization/reparameterized-weights.js';
import type { DeviceMasks } from '../weights/device-masks.js';
import type { ModelWeight } from '../weights/model-weight.js';
import type { NamedTensor } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';

/** A slot without what it belongs to. */
interface SlotVariable {
  /** What follows the weight's name: `momentum`, `m`, `v`, … */
  readonly slot: string;
  readonly variable: tf.Variable;
  /** Value of an entry that never received a gradient. */
  readonly initial: number;
}

/** One slot of one weight: the live variable, found by name, never by position. */
export interface Slot extends SlotVariable {
  readonly weight: ModelWeight;
}

/** One slot of one parameter of a reparameterization. */
export interface ParameterSlot extends SlotVariable {
  readonly parameter: LayerParameter;
}

/** What an optimizer holds, seen from a session's weights. */
export interface OptimizerSlots {
  readonly slots: readonly Slot[];
  readonly parameterSlots: readonly ParameterSlot[];
  /** Names of slots that belong to none of the session's trainable weights. */
  readonly foreign: readonly string[];
}

/** Reads the optimizer's state list; its first entry, the iteration count, is a copy that the caller must free. */
async function stateOf(optimizer: tf.Optimizer): Promise<NamedTensor[]> {
  const [iterations, ...rest] = await optimizer.getWeights();
  iterations?.tensor.dispose(); // tensorflow/tfjs#8238: nobody else does
  return rest;
}

/** Value of an entry of any slot that never received a gradient. */
export function initialOf(optimizer: tf.Optimizer): number {
  const { initialAccumulatorValue } = optimizer.getConfig();
  return typeof initialAccumulatorValue === 'number' ? initialAccumulatorValue : 0;
}

export async function readSlots(
  optimizer: tf.Optimizer,
  table: WeightTable,
  reparameterized?: ReparameterizedWeights,
): Promise<OptimizerSlots> {
  const parameters = new Map(reparameterized?.parameters.map(parameter => [parameter.variable.name, parameter]));
  const initial = initialOf(optimizer);
  const slots: Slot[] = [];
  const parameterSlots: ParameterSlot[] = [];
  const foreign: string[] = [];
  for (const { name, tensor } of await stateOf(optimizer)) {
    const slash = name.lastIndexOf('/');
    const owner = name.slice(0, Math.max(slash, 0));
    const weight = table.byVariable(owner);
    const parameter = parameters.get(owner);
    const found = { slot: name.slice(slash + 1), variable: tensor as tf.Variable, initial };
    if (weight?.trainable) slots.push({ weight, ...found });
    else if (parameter) parameterSlots.push({ parameter, ...found });
    else foreign.push(name);
  }
  return { slots, parameterSlots, foreign };
}

function initialLike({ variable, initial }: SlotVariable): tf.Tensor {
  return initial === 0 ? tf.zerosLike(variable) : tf.fill(variable.shape, initial);
}

/** Returns masked entries to the slot's initial value. */
export function clearMasked(slots: readonly Slot[], masks: DeviceMasks): void {
  for (const slot of slots) {
    if (!masks.has(slot.weight.name)) continue;
    tf.tidy(() => slot.variable.assign(masks.where(slot.weight.name, slot.variable, initialLike(slot))));
  }
}

/** Returns the entries whose byte is 1 to the slot's initial value. */
export function clearEntries(slots: readonly Slot[], entries: ReadonlyMap<string, Uint8Array>): void {
  for (const slot of slots) {
    const bytes = entries.get(slot.weight.name);
    if (!bytes?.includes(1)) continue;
    tf.tidy(() => {
      const chosen = tf.tensor(bytes.slice(), slot.variable.shape, 'bool');
      slot.variable.assign(tf.where(chosen, initialLike(slot), slot.variable));
    });
  }
}

/** Returns all entries to the slot's initial value. */
export function clearAll(slots: readonly SlotVariable[]): void {
  for (const slot of slots) tf.tidy(() => void slot.variable.assign(initialLike(slot)));
}
