import type { KerasTensor, KerasTensors } from '../../keras/keras-tensor.js';
import { invalidKerasFile, overMemory } from '../file-problems.js';
import { bytesOf, type StoredWeight } from '../hdf5/dataset.js';
import { type Hdf5Group, readHdf5 } from '../hdf5/hdf5.js';
import { requireHdf5 } from '../hdf5/require-hdf5.js';
import { limitsFor, type ReadLimits, requireReadArguments } from '../limits.js';
import { readModelFile } from '../read-file.js';
import { weightsInArchive } from './keras-archive.js';
import { listsLayers, namedLayout } from './named-layout.js';
import { numberedLayout } from './numbered-layout.js';

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
  requireReadArguments(path, options);
  const bytes = await readModelFile(path);
  const limits = limitsFor(bytes.length, options);
  const zipped = bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
  const content = zipped ? await weightsInArchive(path, bytes, limits.memoryLimit) : bytes;
  requireHdf5(path, content);
  const read = await readHdf5(path, content, limits, root => chosen(path, root, limits.memoryLimit));
  return new Map<string, KerasTensor>(read.map(([{ name, shape }, values]) => [name, { shape, values }]));
}

/** The weights of layers in a file, all together within the limit. */
function chosen(path: string, root: Hdf5Group, memoryLimit: number): readonly StoredWeight[] {
  const whole = root.entries.get('model_weights');
  const group = whole?.kind === 'group' ? whole : root;
  const weights = new Map<string, StoredWeight>();
  let total = 0;
  for (const weight of (listsLayers(group) ? namedLayout : numberedLayout)(path, group)) {
    const { name, shape, dataset } = weight;
    if (weights.has(name)) throw invalidKerasFile(path, `It has the weight "${name}" twice.`);
    weights.set(name, weight);
    total += bytesOf(dataset);
    if (total > memoryLimit) {
      const size = `"${name}" of [${shape.join(', ')}] and the weights before it have ${total} bytes`;
      throw overMemory(path, `${size}, over the limit of ${memoryLimit}`);
    }
  }
  if (weights.size === 0) throw invalidKerasFile(path, 'There are no weights of layers in it.');
  return [...weights.values()];
}
