import { joinState, type PlacedArray, splitState } from '../../../checkpoint/state/split-state.js';
import type { Json } from '../../../method/json.js';
import type { MethodState, StateArray } from '../../../method/state.js';

interface StateText {
  readonly plain: Json;
  readonly arrays: readonly { readonly path: PlacedArray['path']; readonly type: string; readonly bytes: number[] }[];
}

/** A state as a text that is equal for equal states alone, array contents bit for bit. */
export function textOfState(state: unknown): string {
  const { plain, arrays } = splitState(state);
  const bytesOf = (array: StateArray): number[] => [
    ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  ];
  const text: StateText = {
    plain,
    arrays: arrays.map(({ path, array }) => ({ path, type: array.constructor.name, bytes: bytesOf(array) })),
  };
  return JSON.stringify(text);
}

/** A new state from its text. */
export function stateOfText(text: string): MethodState {
  const { plain, arrays } = JSON.parse(text) as StateText;
  return joinState(
    plain,
    arrays.map(({ path, type, bytes }) => ({ path, array: arrayOf(type, Uint8Array.from(bytes)) })),
  );
}

function arrayOf(type: string, bytes: Uint8Array): StateArray {
  if (type === 'Float32Array') return new Float32Array(bytes.buffer);
  return type === 'Int32Array' ? new Int32Array(bytes.buffer) : bytes;
}
