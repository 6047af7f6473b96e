import { fail, show } from './fail.js';
import { asArray, asInteger } from './json/fields.js';

/** Most dimensions a tensor in a file may have; TensorFlow.js itself stops at 6. */
export const maximumRank = 16;

export function asShape(value: unknown, what: string): readonly number[] {
  const dimensions = asArray(value, what);
  if (dimensions.length > maximumRank) fail(`The ${what} has ${dimensions.length} dimensions, over ${maximumRank}.`);
  return dimensions.map((dimension, axis) => asInteger(dimension, `${what}, axis ${axis},`, 0));
}

/** Product of the dimensions, 1 for a scalar; refuses products that a double cannot count. */
export function sizeOf(shape: readonly number[], what: string): number {
  let size = 1;
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) fail(`The ${what} is [${shape.map(show).join(', ')}], more than 2^53 entries.`);
  }
  return size;
}

export function sameShape(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((dimension, axis) => dimension === right[axis]);
}
