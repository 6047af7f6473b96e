import type * as H5 from 'h5wasm';
import type { KerasTensor } from '../keras/keras-tensor.js';
import { ModelFileError } from './errors.js';
import { invalidKerasFile } from './hdf5.js';

/** The most bytes that the library can hold at once. */
const most = 2 ** 31;

/** HDF5's classes of numbers. */
const [integer, float] = [0, 1];

/** Shape and values of a dataset, which must be of floats or integers. */
export function tensorOf(file: string, name: string, entity: H5.Entity | null, h5: typeof H5): KerasTensor {
  if (!(entity instanceof h5.Dataset)) throw invalidKerasFile(file, `The values of "${name}" are not in it.`);
  const { type, size } = entity.metadata;
  const shape = entity.shape;
  const known = (type === float && (size === 4 || size === 8)) || (type === integer && size <= 4);
  if (!known || !shape) {
    const remedy = 'Save the model in 32-bit floats.';
    const problem = `"${name}" is neither of 32-bit or 64-bit floats nor of integers.`;
    throw new ModelFileError('KERAS_TENSOR_UNSUPPORTED', file, problem, remedy);
  }
  if (shape.reduce((total, side) => total * side, size) > most) {
    throw invalidKerasFile(file, `"${name}" says that it has [${shape.join(', ')}] values, more than 2 GiB.`);
  }
  const { value } = entity;
  const values = typeof value === 'number' ? [value] : value;
  if (!ArrayBuffer.isView(values) && !Array.isArray(values))
    throw invalidKerasFile(file, `"${name}" holds no numbers.`);
  return { shape, values: Float32Array.from(values as ArrayLike<number>) };
}
