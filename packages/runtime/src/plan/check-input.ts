import { InvalidInputError } from '../executor/errors.js';
import type { PlanValue } from './plan-value.js';

/** Values by name, as `runNamed` takes and gives them. */
export type NamedValues = Readonly<Record<string, Float32Array>>;

/**
 * The values of a run in the order of the plan's inputs.
 *
 * @throws {@link InvalidInputError} if they are not `batch` images or vectors of these shapes.
 */
export function checkInputs(
  given: Float32Array | NamedValues,
  inputs: readonly PlanValue[],
  batch: number,
): readonly Float32Array[] {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new InvalidInputError(`The batch is ${String(batch)}, but must be an integer ≥ 1.`);
  }
  const names = inputs.map(({ name }) => JSON.stringify(name)).join(', ');
  if (given instanceof Float32Array || typeof given !== 'object' || given === null) {
    const [only, ...others] = inputs;
    if (only === undefined || others.length > 0) {
      throw new InvalidInputError(`The plan takes ${inputs.length} inputs, ${names}. Give them by name to runNamed.`);
    }
    return [checked(given, 'It', only.shape, batch)];
  }
  const unknown = Object.keys(given).find(name => inputs.every(input => input.name !== name));
  if (unknown !== undefined) {
    throw new InvalidInputError(`There is no input ${JSON.stringify(unknown)}. The plan takes ${names}.`);
  }
  return inputs.map(({ name, shape }) => {
    const what = inputs.length === 1 ? 'It' : `Input ${JSON.stringify(name)}`;
    return checked(Object.hasOwn(given, name) ? given[name] : undefined, what, shape, batch);
  });
}

function checked(input: unknown, what: string, shape: readonly number[], batch: number): Float32Array {
  if (!(input instanceof Float32Array)) {
    throw new InvalidInputError(`${what} must be a Float32Array; a tensor has one in \`await tensor.data()\`.`);
  }
  const length = batch * shape.reduce((product, size) => product * size, 1);
  if (input.length === length) return input;
  const needed = `${batch === 1 ? '' : `${batch} times `}[${shape.join(', ')}], ${length} in all`;
  throw new InvalidInputError(`${what} has ${input.length} entries, but the plan takes ${needed}.`);
}
