import type { Checkpoint, StoredTensor } from '../../../checkpoint/checkpoint.js';
import { CheckpointMismatchError } from '../../../errors/checkpoint-errors.js';
import type { Json } from '../../../method/json.js';
import type { PruningMethod } from '../../../method/pruning-method.js';
import type { MethodState } from '../../../method/state.js';
import type { ModelWeight } from '../../weights/model-weight.js';
import type { WeightTable } from '../../weights/weight-table.js';
import { requireReparameterization } from './reparameterization-checkpoint.js';

/** Throws unless a session over these weights can go on from the checkpoint bit for bit. */
export function requireResumable<State extends MethodState>(
  checkpoint: Checkpoint,
  method: PruningMethod<State>,
  optimizer: string,
  table: WeightTable,
): void {
  const saved = checkpoint.method;
  if (saved.name !== method.name) fail(`It was made by the method "${saved.name}", not by "${method.name}".`);
  if (canonical(saved.options) !== canonical(method.options)) {
    fail(`The method ran with the options ${canonical(saved.options)}, not with ${canonical(method.options)}.`);
  }
  if (!checkpoint.optimizer)
    fail('It was saved without the optimizer, so it can be loaded (loadWeights), but not resumed.');
  const { className } = checkpoint.optimizer;
  if (className !== optimizer) fail(`It was trained with ${className}, not with ${optimizer}.`);
  requireWeights(checkpoint.weights, table.all);
  for (const { name, trainable } of table.all) {
    if (checkpoint.weights.get(name)?.trainable !== trainable) {
      fail(`"${name}" was ${trainable ? 'not trained' : 'trained'} then. Freeze the same layers as before.`);
    }
  }
  requireSameNames('masks', [...checkpoint.masks.keys()], table.prunable);
  for (const { name, variable } of table.prunable) {
    const length = checkpoint.masks.get(name)?.length;
    if (length !== variable.size) fail(`The mask of "${name}" has ${length} entries, not ${variable.size}.`);
  }
  requireSlots(checkpoint, table);
  requireReparameterization(checkpoint, method.reparameterization, table);
  requireSums(checkpoint, table);
  for (const { weights } of checkpoint.snapshots.values()) requireWeights(weights, table.all);
}

/** Throws unless the checkpoint has exactly these weights, in these shapes. */
export function requireWeights(stored: ReadonlyMap<string, StoredTensor>, weights: readonly ModelWeight[]): void {
  requireSameNames('weights', [...stored.keys()], weights);
  for (const { name, variable } of weights) {
    const { shape = [], values } = stored.get(name) ?? {};
    if (shape.join() !== variable.shape.join()) {
      fail(`"${name}" has shape [${shape.join(', ')}] there and [${variable.shape.join(', ')}] in the model.`);
    }
    if (values?.length !== variable.size) fail(`"${name}" has ${values?.length} values, not ${variable.size}.`);
  }
}

function requireSlots({ slots }: Checkpoint, table: WeightTable): void {
  for (const kind of new Set(slots.map(({ slot }) => slot))) {
    const group = slots.filter(({ slot }) => slot === kind);
    requireSameNames(
      `slots "${kind}"`,
      group.map(({ weight }) => weight),
      table.trainable,
    );
    for (const { weight, shape } of group) {
      const expected = table.get(weight)?.variable.shape ?? [];
      if (shape.join() !== expected.join()) fail(`The slot "${kind}" of "${weight}" has shape [${shape.join(', ')}].`);
    }
  }
}

function requireSums({ sums = [] }: Checkpoint, table: WeightTable): void {
  for (const { kind, weights } of sums) {
    for (const [name, { shape }] of weights) {
      const weight = table.get(name);
      if (!weight?.prunable) fail(`It has sums "${kind}" of "${name}", which is not prunable now.`);
      if (shape.join() !== weight.variable.shape.join()) {
        fail(`The sum "${kind}" of "${name}" has shape [${shape.join(', ')}].`);
      }
    }
  }
}

function requireSameNames(what: string, stored: readonly string[], weights: readonly ModelWeight[]): void {
  const names = new Set(weights.map(({ name }) => name));
  const missing = [...names].filter(name => !stored.includes(name));
  const unexpected = stored.filter(name => !names.has(name));
  if (missing.length + unexpected.length === 0) return;
  const parts = [
    missing.length > 0 && `It has no ${what} for ${missing.slice(0, 4).join(', ')}`,
    unexpected.length > 0 && `its ${what} for ${unexpected.slice(0, 4).join(', ')} belong to nothing in the model`,
  ].filter(part => part !== false);
  fail(
    `${parts.join('; ')}. Build the same model, with the same layer names, and select the same prunable weights: those with ` +
      'masks are modelWeights(model, { include: [...checkpoint.masks.keys()] }).',
  );
}

/** JSON with sorted keys, so that equal data gives equal text. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, part: Json) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function fail(reason: string): never {
  throw new CheckpointMismatchError(reason);
}
