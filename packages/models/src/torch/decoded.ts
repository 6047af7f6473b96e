import { EspalierError, float32Values, type SafetensorsTensor } from '@espalier/core';
import { tensorProblem } from '../arguments.js';
import { InvalidTensorError } from '../framework-errors.js';
import type { NamedTensor } from './named-tensor.js';
import type { TorchTensor } from './torch-tensor.js';

/**
 * A tensor with its values as numbers that 32-bit floats hold: those of 64-bit floats are rounded, integers must be
 * among them. Whatever it is not, it is refused by its name.
 */
export function decoded(source: string, tensor: TorchTensor | SafetensorsTensor): NamedTensor {
  const { shape, values } = isStored(tensor)
    ? { shape: tensor.shape, values: storedValues(source, tensor) }
    : (tensor ?? {});
  const numbers =
    values instanceof BigInt64Array || values instanceof BigUint64Array ? Float64Array.from(values, Number) : values;
  const problem = tensorProblem({ shape, values: numbers });
  if (problem !== undefined) throw new InvalidTensorError('torch', source, problem);
  if (isIntegers(values)) requireExact(source, values);
  return { source, shape, values: numbers as ArrayLike<number> };
}

export const isStored = (tensor: unknown): tensor is SafetensorsTensor =>
  typeof tensor === 'object' && tensor !== null && 'dtype' in tensor && 'bytes' in tensor;

function storedValues(source: string, tensor: SafetensorsTensor): Float32Array {
  try {
    return float32Values(tensor);
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    const reason = `its values are of type ${tensor.dtype}, which 32-bit floats do not hold`;
    throw new InvalidTensorError('torch', source, `${reason}; save it as float32`);
  }
}

type Integers = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

const isIntegers = (values: unknown): values is Integers =>
  values instanceof Int32Array ||
  values instanceof Uint32Array ||
  values instanceof BigInt64Array ||
  values instanceof BigUint64Array;

function requireExact(source: string, values: Integers): void {
  for (const [i, value] of values.entries()) {
    const float = Math.fround(Number(value));
    if (typeof value === 'bigint' ? BigInt(float) === value : float === value) continue;
    throw new InvalidTensorError(
      'torch',
      source,
      `entry ${i} is the integer ${value}, which 32-bit floats do not hold`,
    );
  }
}
