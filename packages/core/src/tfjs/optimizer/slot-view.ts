import type * as tf from '@tensorflow/tfjs-core';
import type { LayerView } from '../../method/layer.js';
import { readFloats } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';
import { initialOf, readSlots } from './optimizer-slots.js';

/** Slots of each class of optimizer, in its own order; TensorFlow.js makes them at the first update. */
const slotNames: ReadonlyMap<string, readonly string[]> = new Map([
  ['Momentum', ['momentum']],
  ['Adam', ['m', 'v']],
  ['Adagrad', ['accumulator']],
  ['Adadelta', ['accum_grad', 'accum_var']],
  ['RMSProp', ['rms', 'momentum']],
]);

/** Values of the optimizer's slots of each prunable weight, the initial ones where it has none yet. */
export async function viewSlots(
  optimizer: tf.Optimizer,
  table: WeightTable,
): Promise<ReadonlyMap<string, NonNullable<LayerView['slots']>>> {
  const { slots } = await readSlots(optimizer, table);
  const made = [...new Set(slots.map(({ slot }) => slot))];
  const names = made.length > 0 ? made : (slotNames.get(optimizer.getClassName()) ?? []);
  const initial = initialOf(optimizer);
  const views = table.prunable.map(async ({ name, variable: { size } }) => {
    const own = new Map(slots.filter(({ weight }) => weight.name === name).map(each => [each.slot, each.variable]));
    const values = names.map(async slot => {
      const variable = own.get(slot);
      return [slot, variable ? await readFloats(variable) : new Float32Array(size).fill(initial)] as const;
    });
    return [name, Object.fromEntries(await Promise.all(values))] as const;
  });
  return new Map(await Promise.all(views));
}
