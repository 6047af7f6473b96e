import type * as tf from '@tensorflow/tfjs-core';
import { UnsupportedOptimizerError } from '../../errors/session-errors.js';
import { rules } from '../../options/rules.js';
import type { WeightTable } from '../weights/weight-table.js';
import { MaskedOptimizer } from './masked-optimizer.js';
import { type OptimizerSlots, readSlots, type Slot } from './optimizer-slots.js';

/** Fails when a session starts, not at its first mask change hours later. */
export async function requireSupported(optimizer: tf.Optimizer, table: WeightTable): Promise<void> {
  const expected = 'a tf.Optimizer, e.g. tf.train.momentum(0.1, 0.9)';
  rules.having(expected, 'applyGradients', 'getWeights', 'getClassName', 'getConfig')('optimizer', optimizer as never);
  const name = optimizer.getClassName();
  if (MaskedOptimizer.isMasked(optimizer)) {
    throw new UnsupportedOptimizerError(
      name,
      'It belongs to a session already. Pass the optimizer that the session wraps.',
    );
  }
  if (name === 'RMSProp' && optimizer.getConfig().centered) {
    throw new UnsupportedOptimizerError(
      'RMSProp with centered: true',
      'TensorFlow.js divides by the root of a number that is negative where the gradient is 0, which gives NaN at every ' +
        'masked entry. Use RMSProp with centered: false.',
    );
  }
  const state = await readSlots(optimizer, table).catch((cause: unknown): never => {
    throw new UnsupportedOptimizerError(
      name,
      'It does not expose its slots (getWeights is not implemented), so masked entries could not be kept clean. ' +
        'Use Adam instead of Adamax.',
      { cause },
    );
  });
  const problem = foreignState(state, table);
  if (problem) throw new UnsupportedOptimizerError(name, `${problem} Create a new optimizer.`);
}

/**
 * TensorFlow.js binds slots to the position of a weight, so an optimizer that served other weights would mix them up.
 */
function foreignState({ slots, foreign }: OptimizerSlots, table: WeightTable): string | undefined {
  if (foreign.length > 0) return `It has slots of other weights already (${foreign.slice(0, 3).join(', ')}).`;
  const expected = table.trainable.map(weight => weight.name).join();
  for (const [slot, weights] of groupBySlot(slots)) {
    const found = weights.map(({ weight }) => weight.name).join();
    if (found !== expected) return `Its slots "${slot}" are of another set of weights, or in another order.`;
  }
  return undefined;
}

export function groupBySlot(slots: readonly Slot[]): Map<string, Slot[]> {
  const groups = new Map<string, Slot[]>();
  for (const slot of slots) {
    const group = groups.get(slot.slot);
    if (group) group.push(slot);
    else groups.set(slot.slot, [slot]);
  }
  return groups;
}
