import { ModelFileError } from '../errors.js';
import { invalidKerasFile } from '../file-problems.js';
import type { Hdf5Dataset } from './hdf5.js';
import type { Hdf5Node } from './hdf5-program.js';

/** A weight of a file: its name and where its values are. */
export interface StoredWeight {
  readonly name: string;
  readonly dataset: Hdf5Dataset;
  readonly shape: readonly number[];
}

/** The most bytes that the library can hold at once. */
const most = 2 ** 31;

/** HDF5's classes of types. */
const classes: readonly string[] = [
  'integers',
  'floats',
  'times',
  'texts',
  'bits',
  'opaque bytes',
  'compounds',
  'references',
];

/** A dataset of floats of 32 or 64 bits, or of integers. */
export function storedWeight(file: string, name: string, node: Hdf5Node | undefined): StoredWeight {
  if (node?.kind !== 'dataset') throw invalidKerasFile(file, `The values of "${name}" are not in it.`);
  const { type, size, shape } = node;
  if (type === 0 && size === 1 && shape && shape.length > 1) {
    const problem = `"${name}" holds 8-bit integers, as weights that were quantized do, which mean nothing without their scales.`;
    const remedy = 'Save the model before it is quantized (model.quantize), in 32-bit floats.';
    throw new ModelFileError('KERAS_TENSOR_UNSUPPORTED', file, problem, remedy);
  }
  const known = type === 0 ? [1, 2, 4, 8].includes(size) : type === 1 && (size === 4 || size === 8);
  if (!known || !shape) {
    const kind = shape ? `${8 * size}-bit ${classes[type] ?? 'values of another kind'}` : 'nothing';
    const problem = `"${name}" holds ${kind}, and can be read only if it holds 32-bit or 64-bit floats or integers.`;
    throw new ModelFileError('KERAS_TENSOR_UNSUPPORTED', file, problem, 'Save the model in 32-bit floats.');
  }
  if (bytesOf(node) > most) {
    throw invalidKerasFile(file, `"${name}" says that it has [${shape.join(', ')}] values, more than 2 GiB.`);
  }
  return { name, dataset: node, shape };
}

/** Bytes that the values take. */
export const bytesOf = ({ shape, size }: Hdf5Dataset): number =>
  (shape ?? []).reduce((total, side) => total * side, Math.max(size, 4));
