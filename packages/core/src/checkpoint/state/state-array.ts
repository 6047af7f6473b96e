import type { MethodState, StateArray } from '../../method/state.js';

/** Element type of a state array as safetensors spells it. */
export type StateDtype = 'F32' | 'I32' | 'U8';

/** Bytes of one entry. */
export const stateEntryBytes: Readonly<Record<StateDtype, number>> = { F32: 4, I32: 4, U8: 1 };

/** The element type of a state array; undefined for anything else, such as arrays of other types. */
export function stateDtype(value: unknown): StateDtype | undefined {
  if (value instanceof Float32Array) return 'F32';
  if (value instanceof Int32Array) return 'I32';
  return value instanceof Uint8Array ? 'U8' : undefined;
}

export function isStateArray(value: MethodState): value is StateArray {
  return stateDtype(value) !== undefined;
}
