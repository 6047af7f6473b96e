import { InvalidInputError } from '../plan/errors.js';

/** @throws {@link InvalidInputError} */
export function checkLength(what: string, values: Float32Array, length: number): void {
  if (values.length === length) return;
  throw new InvalidInputError(`${what} has ${values.length} values, but must have ${length}.`);
}

/** @throws {@link InvalidInputError} if these are neither the kept weights nor a whole kernel. */
export function checkWeights(values: Float32Array, kept: number, entries: number): void {
  if (values.length === kept || values.length === entries) return;
  throw new InvalidInputError(
    `There are ${values.length} weights, but the mask keeps ${kept} of the kernel's ${entries}. Give either.`,
  );
}
