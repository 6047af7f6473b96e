import type { KerasTensor, KerasTensors } from '../../keras/keras-tensor.js';
import { invalidKerasFile, overMemory } from '../file-problems.js';
import { bytesOf, type StoredWeight } from '../hdf5/dataset.js';
import { type Hdf5Group, readHdf5 } from '../hdf5/hdf5.js';
import { requireHdf5 } from '../hdf5/require-hdf5.js';
import { limitsFor, type ReadLimits, requireReadArguments } from '../limits.js';
import { readModelFile } from '../read-file.js';
import { inKerasArchive } from './keras-archive.js';
import { listsLayers, namedLayout } from './named-layout.js';
import { numberedLayout } from './numbered-layout.js';

/** What a file of Keras holds. */
export interface KerasFile {
  readonly tensors: KerasTensors;
  /** The configuration of the model, as text; undefined in a file of weights alone. */
  readonly config: string | undefined;
}

/** Reads the weights of a file of Keras, and the configuration of the model if it is there. */
export async function readKerasFile(path: string, options: ReadLimits): Promise<KerasFile> {
  requireReadArguments(path, options);
  const bytes = await readModelFile(path);
  const limits = limitsFor(bytes.length, options);
  const { memoryLimit } = limits;
  const zipped = bytes.length >= 4 && bytes.readUInt32LE(0) === 0x04034b50;
  const content = zipped ? await inKerasArchive(path, bytes, 'model.weights.h5', memoryLimit) : bytes;
  if (!content) throw invalidKerasFile(path, 'There is no model.weights.h5 in its zip archive.');
  requireHdf5(path, content);
  let config = zipped ? (await inKerasArchive(path, bytes, 'config.json', memoryLimit))?.toString('utf8') : undefined;
  const read = await readHdf5(path, content, limits, root => {
    const stored = root.attributes.get('model_config');
    if (!zipped && typeof stored === 'string') config = stored;
    return chosen(path, root, memoryLimit);
  });
  const tensors = new Map<string, KerasTensor>(read.map(([{ name, shape }, values]) => [name, { shape, values }]));
  return { tensors, config };
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
