import type { StateArray } from '../../method/state.js';
import { fail } from '../fail.js';
import { asArray, asInteger, asObject } from '../json/fields.js';
import type { SafetensorsTensor } from '../safetensors/tensor.js';
import { typedValues } from '../safetensors/values.js';
import type { TensorReader } from '../tensors/tensor-reader.js';
import type { PlacedArray, StatePath } from './split-state.js';
import { type StateDtype, stateDtype, stateEntryBytes } from './state-array.js';

/** An array of the state as the manifest lists it. */
export interface StateArrayEntry {
  readonly path: StatePath;
  readonly dtype: StateDtype;
  readonly length: number;
}

/** Name in the file of an array of the state. */
export const stateTensor = (index: number): string => `${index}.state`;

export function stateEntries(arrays: readonly PlacedArray[]): readonly StateArrayEntry[] {
  return arrays.map(({ path, array }) => ({ path, dtype: stateDtype(array) as StateDtype, length: array.length }));
}

/** Checks the list of a manifest; that every place exists is checked when the state is joined. */
export function checkStateEntries(value: unknown): readonly StateArrayEntry[] {
  return asArray(value, 'list of arrays of the state').map((each, index) => {
    const where = `stateArrays[${index}]`;
    const { path, dtype, length } = asObject(each, where);
    return {
      path: asPath(path, `${where}.path`),
      dtype: asDtype(dtype, where),
      length: asInteger(length, `${where}.length`, 0),
    };
  });
}

function asPath(value: unknown, what: string): StatePath {
  return asArray(value, what).map((key, place) =>
    typeof key === 'string' ? key : asInteger(key, `${what}[${place}]`, 0),
  );
}

function asDtype(value: unknown, where: string): StateDtype {
  if (typeof value === 'string' && Object.hasOwn(stateEntryBytes, value)) return value as StateDtype;
  return fail(`The ${where}.dtype is ${JSON.stringify(value)}, but must be "F32", "I32" or "U8".`);
}

export function writeStateArrays(arrays: readonly PlacedArray[]): readonly (readonly [string, SafetensorsTensor])[] {
  return arrays.map(({ array }, index) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    return [stateTensor(index), { dtype: stateDtype(array) as StateDtype, shape: [array.length], bytes }] as const;
  });
}

export function readStateArrays(entries: readonly StateArrayEntry[], reader: TensorReader): readonly PlacedArray[] {
  return entries.map(({ path, dtype, length }, index) => {
    const tensor = reader.take(stateTensor(index), dtype, [length]);
    return { path, array: typedValues(tensor) as StateArray };
  });
}

/** Bytes of memory that the arrays take. */
export function stateArrayBytes(entries: readonly StateArrayEntry[]): number {
  return entries.reduce((sum, { dtype, length }) => sum + stateEntryBytes[dtype] * length, 0);
}
