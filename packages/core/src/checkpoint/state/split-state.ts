import type { Json } from '../../method/json.js';
import type { MethodState, StateArray } from '../../method/state.js';
import { fail } from '../fail.js';
import { checkJson, isPlainObject } from '../json/check-json.js';
import { maximumJsonDepth } from '../json/parse-json.js';
import { isStateArray, stateDtype } from './state-array.js';

/** Keys and indices from the outside of a state to one of its arrays; empty if the state is an array itself. */
export type StatePath = readonly (string | number)[];

/** An array of a state and its place. */
export interface PlacedArray {
  readonly path: StatePath;
  readonly array: StateArray;
}

/** A state in two parts: plain data that is null wherever an array stands, and the arrays in the order of the data. */
export interface SplitState {
  readonly plain: Json;
  readonly arrays: readonly PlacedArray[];
}

/**
 * @throws {@link CorruptCheckpointError} if the state holds what is neither plain data nor a state array, naming the
 * place.
 */
export function splitState(state: unknown, where = 'state'): SplitState {
  const arrays: PlacedArray[] = [];
  const plain = (value: unknown, path: StatePath): unknown => {
    if (stateDtype(value) !== undefined) {
      arrays.push({ path, array: value as StateArray });
      return null;
    }
    if (path.length > maximumJsonDepth) fail(`The ${where} is nested deeper than ${maximumJsonDepth} levels.`);
    if (Array.isArray(value)) return Array.from(value, (each, index) => plain(each, [...path, index]));
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, [...path, key])]));
  };
  return { plain: checkJson(plain(state, []), where), arrays };
}

/** The state whose parts these are. `plain` is used up. */
export function joinState(plain: Json, arrays: readonly PlacedArray[]): MethodState {
  let state: MethodState = plain;
  for (const { path, array } of arrays) {
    if (path.length === 0) state = requireFree(state, path) ?? array;
    else place(state, path, array);
  }
  return state;
}

function place(state: MethodState, path: StatePath, array: StateArray): void {
  let container = state as Record<string | number, MethodState>;
  for (const [depth, key] of path.entries()) {
    const isContainer = typeof container === 'object' && container !== null && !isStateArray(container);
    if (
      !isContainer ||
      typeof key !== (Array.isArray(container) ? 'number' : 'string') ||
      !Object.hasOwn(container, key)
    ) {
      fail(`The state has no place ${JSON.stringify(path)} for one of its arrays.`);
    }
    if (depth === path.length - 1) container[key] = requireFree(container[key] as MethodState, path) ?? array;
    else container = container[key] as Record<string | number, MethodState>;
  }
}

function requireFree(value: MethodState, path: StatePath): null {
  return value === null
    ? null
    : fail(`The state holds something else at ${JSON.stringify(path)}, where one of its arrays belongs.`);
}

/** A copy that shares no memory with the state. */
export function copyState<State extends MethodState>(state: State): State {
  const { plain, arrays } = splitState(state);
  return joinState(
    plain,
    arrays.map(({ path, array }) => ({ path, array: array.slice() })),
  ) as State;
}
