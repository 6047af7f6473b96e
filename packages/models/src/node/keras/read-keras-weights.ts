import type { KerasTensors } from '../../keras/keras-tensor.js';
import type { ReadLimits } from '../limits.js';
import { readKerasFile } from './read-keras-file.js';

/**
 * Reads the weights of a file that Keras saved, for `loadKerasWeights`.
 *
 * Takes whole models and weights alone in HDF5 (`.h5`, `.hdf5`), and the weights of Keras 3 (`.weights.h5`, `.keras`)
 * where they say the names of their layers, as those of Keras 3.15 do. The state of optimizers and of random generators
 * is left out. Needs the package `h5wasm`, which reads the file in a thread with a memory of its own: links to other
 * files lead nowhere, and a file that takes more time or memory than it may is refused.
 *
 * @param path - Path of the file.
 * @param options - How much time and memory it may take.
 * @returns Weights by layer and name, `conv1/kernel`, the layers of nested models after their model's name; in files of
 * Keras 3 by layer and place, `conv1/0`. Values are 32-bit floats, or 64-bit floats where a weight is of integers that
 * those do not hold.
 * @throws {@link ModelFileError} if it cannot be read: `MODEL_FILE_UNREADABLE`, `KERAS_FILE_INVALID`,
 * `KERAS_FILE_WITHOUT_NAMES`, `KERAS_TENSOR_UNSUPPORTED`, `MODEL_TIME_LIMIT`, `MODEL_MEMORY_LIMIT` or `H5WASM_MISSING`.
 * @throws {@link InvalidOptionError} if the path is no text or a limit no number, {@link UnknownOptionError} if there
 *   is no such option.
 *
 * @example Keras's MobileNet.
 * ```ts
 * import { type KerasLoadReport, loadKerasWeights, mobileNetV1 } from '@espalier/models';
 * import { readKerasWeights } from '@espalier/models/node';
 *
 * export async function load(path: string): Promise<KerasLoadReport> {
 *   return loadKerasWeights(mobileNetV1(), await readKerasWeights(path));
 * }
 * ```
 */
export async function readKerasWeights(path: string, options: ReadLimits = {}): Promise<KerasTensors> {
  return (await readKerasFile(path, options)).tensors;
}
