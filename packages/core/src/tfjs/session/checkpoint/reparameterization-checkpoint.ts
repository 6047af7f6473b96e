import type { Checkpoint } from '../../../checkpoint/checkpoint.js';
import type {
  StoredParameter,
  StoredReparameterization,
} from '../../../checkpoint/reparameterization/stored-reparameterization.js';
import { CheckpointMismatchError } from '../../../errors/checkpoint-errors.js';
import type { Reparameterization } from '../../../method/reparameterization.js';
import { type ParameterSlot, readSlots } from '../../optimizer/optimizer-slots.js';
import type { LayerParameter } from '../../reparameterization/reparameterized-weight.js';
import { declaredParameters } from '../../reparameterization/reparameterized-weight.js';
import { ReparameterizedWeights } from '../../reparameterization/reparameterized-weights.js';
import { assignFloats, readFloats } from '../../weights/tensors.js';
import type { WeightTable } from '../../weights/weight-table.js';
import type { SessionRun } from '../session-run.js';

/** What is beneath the weights, as data. */
export async function storeReparameterization(
  { options, table }: Pick<SessionRun<never>, 'options' | 'table'>,
  reparameterized: ReparameterizedWeights,
): Promise<StoredReparameterization> {
  const { parameterSlots } = await readSlots(options.optimizer, table, reparameterized);
  const raw = reparameterized.layers.map(async ({ weight, raw: { shape }, raw: variable }) => {
    return [weight.name, { shape, values: await readFloats(variable) }] as const;
  });
  const parameters = reparameterized.parameters.map(parameter => storeParameter(parameter, parameterSlots));
  return {
    masking: reparameterized.masking,
    raw: new Map(await Promise.all(raw)),
    parameters: await Promise.all(parameters),
  };
}

async function storeParameter(
  parameter: LayerParameter,
  parameterSlots: readonly ParameterSlot[],
): Promise<StoredParameter> {
  const own = parameterSlots.filter(slot => slot.parameter === parameter);
  const values = await Promise.all([parameter, ...own].map(({ variable }) => readFloats(variable)));
  const { weight, name, perWeight } = parameter;
  return {
    weight,
    name,
    ...(perWeight ? { perWeight } : {}),
    slots: own.map(({ slot }) => slot),
    values: joined(values),
  };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const array of arrays) {
    all.set(array, offset);
    offset += array.length;
  }
  return all;
}

/** Throws unless the method can go on from what is beneath the weights. */
export function requireReparameterization(
  { reparameterization: stored, slots }: Checkpoint,
  hook: Reparameterization | undefined,
  table: WeightTable,
): void {
  if (!stored) return; // none, or baked
  if (!hook) fail('It was saved while a reparameterization was in force, which the method does not have.');
  const { masking = 'raw' } = hook;
  if (stored.masking !== masking) fail(`Its masks act on ${stored.masking} weights, not on ${masking} ones.`);
  const shapes = [...stored.raw].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  const expected = table.prunable.map(({ name, variable }) => `${name} [${variable.shape.join(', ')}]`);
  requireSame('raw weights', shapes, expected);
  const declared = table.prunable.flatMap(weight =>
    declaredParameters(hook, weight).map(({ name, perWeight }) => described({ weight: weight.name, name, perWeight })),
  );
  requireSame('parameters', stored.parameters.map(described), declared);
  const kinds = [...new Set(slots.map(({ slot }) => slot))];
  for (const { weight, name, slots: own } of stored.parameters)
    requireSame(`slots of ${name} of ${weight}`, own, kinds);
}

function described({
  weight,
  name,
  perWeight,
}: Pick<StoredParameter, 'weight' | 'name'> & { perWeight?: unknown }): string {
  return `${name} of ${weight}${perWeight ? ' (per weight)' : ''}`;
}

/** Puts back what {@link storeReparameterization} gave; the weights hold their effective values already. */
export function restoreReparameterization(
  hook: Reparameterization,
  stored: StoredReparameterization,
  table: WeightTable,
): ReparameterizedWeights {
  const reparameterized = new ReparameterizedWeights(hook, table);
  for (const [name, { values }] of stored.raw) reparameterized.setRaw(name, values);
  reparameterized.parameters.forEach(({ variable }, i) => {
    const value = stored.parameters[i]?.values.subarray(0, variable.size);
    if (value) assignFloats(variable, value);
  });
  return reparameterized;
}

function requireSame(what: string, stored: readonly string[], expected: readonly string[]): void {
  if (stored.join('\n') === expected.join('\n')) return;
  const list = (names: readonly string[]): string => names.slice(0, 4).join(', ') || 'none';
  fail(`Its ${what} are ${list(stored)}, and not ${list(expected)}. Use the version of the method that made it.`);
}

function fail(reason: string): never {
  throw new CheckpointMismatchError(reason);
}
