import { InvalidOptionError, ShapeMismatchError } from '../../errors/option-errors.js';
import { fail } from '../fail.js';
import { asShape, sizeOf } from '../shape.js';
import { bytesOf, isDtype } from './dtype.js';
import type { SafetensorsTensor } from './tensor.js';

/** Refuses what is no tensor, or has not the bytes that its shape and element type need. */
export function requireTensor(tensor: unknown, name?: string): asserts tensor is SafetensorsTensor {
  const option = name === undefined ? 'tensor' : `tensors["${name}"]`;
  const of = name === undefined ? 'of the tensor' : `of "${name}"`;
  if (typeof tensor !== 'object' || tensor === null)
    throw new InvalidOptionError(option, tensor, 'a tensor: { dtype, shape, bytes }');
  const { dtype, shape, bytes } = tensor as Record<string, unknown>;
  if (!isDtype(dtype))
    throw new InvalidOptionError(`${option}.dtype`, dtype, 'an element type of safetensors, such as "F32"');
  if (!(bytes instanceof Uint8Array)) throw new InvalidOptionError(`${option}.bytes`, bytes, 'a Uint8Array');
  const dimensions = asShape(shape, `shape ${of}`);
  const expected = bytesOf(dtype, sizeOf(dimensions, `shape ${of}`));
  if (Number.isNaN(expected))
    fail(`The shape ${of}, [${dimensions.join(', ')}], is no whole number of bytes in ${dtype}.`);
  if (bytes.length !== expected) throw new ShapeMismatchError(`array of bytes ${of}`, [bytes.length], [expected]);
}
