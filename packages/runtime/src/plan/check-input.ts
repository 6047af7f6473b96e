import { InvalidInputError } from '../executor/errors.js';

/** @throws {@link InvalidInputError} if these are not `batch` images or vectors of this shape. */
export function checkInput(input: Float32Array, shape: readonly number[], batch: number): void {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new InvalidInputError(`The batch is ${String(batch)}, but must be an integer ≥ 1.`);
  }
  if (!(input instanceof Float32Array)) {
    throw new InvalidInputError('It must be a Float32Array; a tensor has one in `await tensor.data()`.');
  }
  const length = batch * shape.reduce((product, size) => product * size, 1);
  if (input.length === length) return;
  const needed = `${batch === 1 ? '' : `${batch} times `}[${shape.join(', ')}], ${length} in all`;
  throw new InvalidInputError(`It has ${input.length} entries, but the plan takes ${needed}.`);
}
