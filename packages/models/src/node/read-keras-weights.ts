import type { KerasTensor, KerasTensors } from '../keras/keras-tensor.js';
import { invalidKerasFile, withHdf5 } from './hdf5.js';
import { weightsInArchive } from './keras-archive.js';
import { listsLayers, namedLayout } from './named-layout.js';
import { numberedLayout } from './numbered-layout.js';
import { readModelFile } from './read-file.js';

/**
 * Reads the weights of a file that Keras saved, for `loadKerasWeights`.
 *
 * Takes whole models and weights alone in HDF5 (`.h5`, `.hdf5`), and the weights of Keras 3 (`.weights.h5`, `.keras`) where they say
 * the names of their layers, as those of Keras 3.15 do. The state of optimizers and of random generators is left out. Needs the package
 * `h5wasm`, which reads the file in a memory of its own: links to other files lead nowhere.
 *
 * @param path - Path of the file.
 * @returns Weights by layer and name, `conv1/kernel`, the layers of nested models after their model's name; in files of Keras 3 by
 * layer and place, `conv1/0`. Values are 32-bit floats.
 * @throws {@link ModelFileError} if it cannot be read: `MODEL_FILE_UNREADABLE`, `KERAS_FILE_INVALID`, `KERAS_FILE_WITHOUT_NAMES`,
 * `KERAS_TENSOR_UNSUPPORTED` or `H5WASM_MISSING`.
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
export async function readKerasWeights(path: string): Promise<KerasTensors> {
  const bytes = await readModelFile(path);
  const zipped = bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
  return withHdf5(path, zipped ? await weightsInArchive(path, bytes) : bytes, (root, h5) => {
    const whole = root.get('model_weights');
    const group = whole instanceof h5.Group ? whole : root;
    const layout = listsLayers(group) ? namedLayout : numberedLayout;
    const tensors = new Map<string, KerasTensor>();
    for (const [name, tensor] of layout(path, group, h5)) {
      if (tensors.has(name)) throw invalidKerasFile(path, `It has the weight "${name}" twice.`);
      tensors.set(name, tensor);
    }
    if (tensors.size === 0) throw invalidKerasFile(path, 'There are no weights of layers in it.');
    return tensors;
  });
}
