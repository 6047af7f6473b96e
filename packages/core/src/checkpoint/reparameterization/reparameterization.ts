import type { Json } from '../../method/json.js';
import type { Checkpoint } from '../checkpoint.js';
import { fail, quote } from '../fail.js';
import { asArray, asName, asObject } from '../json/fields.js';
import type { StoredParameter, StoredReparameterization } from './stored-reparameterization.js';

/** A reparameterization as the manifest lists it. */
export interface ReparameterizationEntry {
  readonly masking: StoredReparameterization['masking'];
  /** Names of the weights that have a raw one. */
  readonly raw: ReadonlySet<string>;
  readonly parameters: readonly Omit<StoredParameter, 'values'>[];
}

/** The metadata entry as plain data. */
export function reparameterizationEntry({
  masking,
  raw,
  parameters,
}: StoredReparameterization | ReparameterizationEntry): Json & object {
  return {
    masking,
    raw: [...raw.keys()],
    parameters: parameters.map(({ weight, name, perWeight, slots }) => ({
      ...(perWeight ? { weight, name, perWeight } : { weight, name }),
      slots,
    })),
  };
}

export function checkReparameterization(
  value: unknown,
  weights: { has(name: string): boolean },
): ReparameterizationEntry {
  const { masking, raw: listed, parameters } = asObject(value, 'reparameterization');
  if (masking !== 'raw' && masking !== 'effective') fail('The reparameterization masks neither "raw" nor "effective".');
  const raw = asArray(listed, 'list of raw weights').map((each, index) => asName(each, `raw[${index}]`));
  const unknown = raw.find(name => !weights.has(name));
  if (unknown !== undefined) fail(`The raw weight ${quote(unknown)} belongs to no weight of the checkpoint.`);
  requireDistinct(raw, 'raw weight');
  const names = new Set(raw);
  return { masking, raw: names, parameters: checkParameters(parameters, names) };
}

function checkParameters(value: unknown, raw: ReadonlySet<string>): ReparameterizationEntry['parameters'] {
  const entries = asArray(value, 'list of parameters').map((each, index) => {
    const fields = asObject(each, `parameters[${index}]`);
    const weight = asName(fields.weight, `parameters[${index}].weight`);
    const name = asName(fields.name, `parameters[${index}].name`);
    if (!raw.has(weight)) fail(`The parameter ${quote(name)} is of ${quote(weight)}, which has no raw weight.`);
    const slots = asArray(fields.slots, `slots of the parameter ${quote(name)}`).map((slot, place) =>
      asName(slot, `slots[${place}] of the parameter ${quote(name)}`),
    );
    requireDistinct(slots, `slot of the parameter ${quote(name)}`);
    if (fields.perWeight === undefined) return { weight, name, slots };
    if (fields.perWeight !== true) fail(`The "perWeight" of the parameter ${quote(name)} is not true.`);
    return { weight, name, perWeight: true as const, slots };
  });
  requireDistinct(
    entries.map(({ weight, name }) => JSON.stringify([weight, name])),
    'parameter',
  );
  return entries;
}

function requireDistinct(names: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) fail(`The ${what} ${quote(name)} is listed twice.`);
    seen.add(name);
  }
}

/** Names of the weights whose slots are dense although they may have a mask. */
export function denseSlots(
  reparameterization: ReparameterizationEntry | StoredReparameterization | undefined,
): ReadonlySet<string> {
  return new Set(reparameterization?.masking === 'effective' ? reparameterization.raw.keys() : []);
}

/**
 * The checkpoint without raw weights and parameters, so that it can no longer be resumed. Zeros that they made become
 * masked, as if they had been baked.
 */
export function withoutReparameterization(checkpoint: Checkpoint): Checkpoint {
  const { reparameterization, ...rest } = checkpoint;
  if (!reparameterization) return checkpoint;
  const masks = new Map(
    [...rest.masks].map(([name, mask]) => {
      const values = rest.weights.get(name)?.values;
      return [name, reparameterization.raw.has(name) ? mask.map((bit, at) => (values?.[at] === 0 ? 0 : bit)) : mask];
    }),
  );
  return { ...rest, masks };
}
