import type { Snapshot, StoredTensor } from '../../../checkpoint/checkpoint.js';
import type { ModelWeight } from '../../weights/model-weight.js';
import { assignFloats, readFloats } from '../../weights/tensors.js';
import type { WeightTable } from '../../weights/weight-table.js';

export async function storeTensor({ variable }: ModelWeight): Promise<StoredTensor> {
  return { shape: variable.shape, values: await readFloats(variable) };
}

/** Every weight as it is now, also those that are not trained. */
export async function takeSnapshot(table: WeightTable, position: number): Promise<Snapshot> {
  const weights = await Promise.all(table.all.map(async weight => [weight.name, await storeTensor(weight)] as const));
  return { position, weights: new Map(weights) };
}

/** Writes the weights of a snapshot back. */
export function restoreWeights(table: WeightTable, weights: ReadonlyMap<string, StoredTensor>): void {
  for (const { name, variable } of table.all) {
    const stored = weights.get(name);
    if (stored) assignFloats(variable, stored.values);
  }
}
