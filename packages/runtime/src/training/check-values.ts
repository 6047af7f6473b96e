import { InvalidInputError } from '../executor/errors.js';

/** @throws {@link InvalidInputError} if it is not a `Float32Array` of this length. */
export function checkLength(what: string, values: Float32Array, length: number): void {
  checkType(what, values);
  if (values.length === length) return;
  throw new InvalidInputError(`${what} has ${values.length} values, but must have ${length}.`);
}

/** @throws {@link InvalidInputError} if these are neither the active weights nor a whole kernel. */
export function checkWeights(values: Float32Array, active: number, entries: number): void {
  checkType('weights', values);
  if (values.length === active || values.length === entries) return;
  throw new InvalidInputError(
    `There are ${values.length} weights, but the mask keeps ${active} of the kernel's ${entries}. Give either.`,
  );
}

function checkType(what: string, values: unknown): void {
  if (values instanceof Float32Array) return;
  throw new InvalidInputError(`${what} must be a Float32Array; a tensor has one in \`await tensor.data()\`.`);
}
