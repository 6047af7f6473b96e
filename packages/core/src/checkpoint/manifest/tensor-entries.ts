import { fail, quote } from '../fail.js';
import { asArray, asBoolean, asInteger, asName, asNumber, asObject } from '../json/fields.js';
import { asShape } from '../shape.js';

/** A weight as the manifest lists it. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** Whether the file has a mask for it, and so its active values only. */
  readonly masked: boolean;
}

/** A slot as the manifest lists it; its shape is its weight's. */
export interface SlotEntry {
  readonly weight: string;
  readonly slot: string;
  readonly initial: number;
}

/** A snapshot as the manifest lists it; shapes are the weights'. */
export interface SnapshotEntry {
  readonly name: string;
  readonly position: number;
  readonly weights: readonly string[];
}

type Shapes = ReadonlyMap<string, readonly number[]>;

export function checkWeights(value: unknown): readonly WeightEntry[] {
  const seen = new Set<string>();
  return asArray(value, 'list of weights').map((each, index) => {
    const { name: given, shape, trainable, masked } = asObject(each, `weights[${index}]`);
    const name = asName(given, `weights[${index}].name`);
    if (seen.has(name)) fail(`The weight ${quote(name)} is listed twice.`);
    seen.add(name);
    return {
      name,
      shape: asShape(shape, `shape of ${quote(name)}`),
      trainable: asBoolean(trainable, `"trainable" of ${quote(name)}`),
      masked: asBoolean(masked, `"masked" of ${quote(name)}`),
    };
  });
}

export function checkSlots(value: unknown, shapes: Shapes): readonly SlotEntry[] {
  const seen = new Map<string, Set<string>>();
  return asArray(value, 'list of slots').map((each, index) => {
    const fields = asObject(each, `slots[${index}]`);
    const weight = known(fields.weight, `slots[${index}].weight`, shapes);
    const slot = asName(fields.slot, `slots[${index}].slot`);
    const slots = seen.get(weight) ?? new Set();
    if (slots.has(slot)) fail(`The slot ${quote(slot)} of ${quote(weight)} is listed twice.`);
    seen.set(weight, slots.add(slot));
    const initial = asNumber(fields.initial, `initial value of slot ${quote(slot)} of ${quote(weight)}`);
    asNumber(Math.fround(initial), `initial value of slot ${quote(slot)} of ${quote(weight)} in 32 bits`);
    return { weight, slot, initial };
  });
}

export function checkSnapshots(value: unknown, shapes: Shapes): readonly SnapshotEntry[] {
  const seen = new Set<string>();
  return asArray(value, 'list of snapshots').map((each, index) => {
    const fields = asObject(each, `snapshots[${index}]`);
    const name = asName(fields.name, `snapshots[${index}].name`);
    if (seen.has(name)) fail(`The snapshot ${quote(name)} is listed twice.`);
    seen.add(name);
    const position = asInteger(fields.position, `position of snapshot ${quote(name)}`, 0);
    const weights = asArray(fields.weights, `weights of snapshot ${quote(name)}`).map((weight, place) =>
      known(weight, `weights[${place}] of snapshot ${quote(name)}`, shapes),
    );
    if (new Set(weights).size !== weights.length) fail(`The snapshot ${quote(name)} lists a weight twice.`);
    return { name, position, weights };
  });
}

function known(value: unknown, what: string, shapes: Shapes): string {
  const name = asName(value, what);
  return shapes.has(name) ? name : fail(`The ${what} is ${quote(name)}, which is not a weight of the checkpoint.`);
}

/** Name in the file of a weight's values: all of them, or the active ones if there is a mask. */
export const valuesTensor = (weight: string): string => `${weight}.values`;
/** Name in the file of a weight's packed mask. */
export const maskTensor = (weight: string): string => `${weight}.mask`;
/** Name in the file of a slot's values. The number makes it unique, whatever the names contain. */
export const slotTensor = (index: number, { weight, slot }: SlotEntry): string => `${index}:${weight}/${slot}.slot`;
/** Name in the file of a snapshot's values of one weight. */
export const snapshotTensor = (index: number, weight: string): string => `${index}:${weight}.snapshot`;
