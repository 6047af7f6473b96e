type Utilities = Record<string, unknown>;

const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
  isArray: Array.isArray,
  isBoolean: value => typeof value === 'boolean',
  isFunction: value => typeof value === 'function',
  isNull: value => value === null,
  isNullOrUndefined: value => value === null || value === undefined,
  isNumber: value => typeof value === 'number',
  isObject: value => value !== null && typeof value === 'object',
  isString: value => typeof value === 'string',
  isUndefined: value => value === undefined,
};

/**
 * Puts back the type tests that Node 23 removed from `node:util` and tfjs-node 4.22 still calls
 * (https://github.com/tensorflow/tfjs/issues/8609). Leaves alone what exists. Returns the names that were added.
 */
export function restoreUtilities(utilities: Utilities): readonly string[] {
  const added = Object.keys(removed).filter(name => typeof utilities[name] !== 'function');
  for (const name of added) utilities[name] = removed[name];
  return added;
}

/** {@link restoreUtilities} on the object that `require('util')` returns. */
export function restoreNodeUtilities(): void {
  restoreUtilities(process.getBuiltinModule('node:util') as unknown as Utilities);
}
