import type { KerasTensor, KerasTensors } from '../../keras/keras-tensor.js';
import { type ByteSource, sourceOf, withModelFile } from '../byte-source.js';
import { invalidKerasFile, overMemory } from '../file-problems.js';
import { bytesOf, type StoredWeight } from '../hdf5/dataset.js';
import { type Hdf5Group, readHdf5 } from '../hdf5/hdf5.js';
import type { Hdf5Place } from '../hdf5/hdf5-program.js';
import { requireHdf5 } from '../hdf5/require-hdf5.js';
import { limitsFor, type ReadLimits, requireReadArguments } from '../limits.js';
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
  const { place, zipped, config: beside, limits } = await withModelFile(path, source => located(path, source, options));
  let config = beside;
  const read = await readHdf5(path, place, limits, root => {
    const stored = root.attributes.get('model_config');
    if (!zipped && typeof stored === 'string') config = stored;
    return chosen(path, root, limits.memoryLimit);
  });
  const tensors = new Map<string, KerasTensor>(read.map(([{ name, shape }, values]) => [name, { shape, values }]));
  return { tensors, config };
}

/** Where the weights are, and the configuration if it is beside them in an archive. */
async function located(path: string, source: ByteSource, options: ReadLimits) {
  const limits = limitsFor(source.length, options);
  const start = await source.read(0, 4);
  if (start.length < 4 || start.readUInt32LE(0) !== 0x04034b50) {
    await requireHdf5(path, source);
    return { limits, place: { path, start: 0, length: source.length }, zipped: false, config: undefined };
  }
  const [place, config] = await Promise.all(
    (['model.weights.h5', 'config.json'] as const).map(name => inKerasArchive(path, source, name, limits.memoryLimit)),
  );
  if (!place) throw invalidKerasFile(path, 'There is no model.weights.h5 in its zip archive.');
  await requireHdf5(path, within(source, place));
  const text = config && within(source, config);
  return { limits, place, zipped: true, config: (await text?.read(0, text.length))?.toString('utf8') };
}

/** What is at a place in an archive. */
function within(source: ByteSource, place: Hdf5Place): ByteSource {
  if ('bytes' in place) return sourceOf(place.bytes);
  const { start, length } = place;
  return { length, read: (position, size) => source.read(start + position, Math.min(size, length - position)) };
}

/** What random layers keep among their weights. */
const randomState = /\/(StateVar|seed_generator_state)(_\d+)?$/;

/** The weights of layers in a file, all together within the limit. */
function chosen(path: string, root: Hdf5Group, memoryLimit: number): readonly StoredWeight[] {
  const whole = root.entries.get('model_weights');
  const group = whole?.kind === 'group' ? whole : root;
  const weights = new Map<string, StoredWeight>();
  let total = 0;
  for (const weight of (listsLayers(group) ? namedLayout : numberedLayout)(path, group)) {
    const { name, shape, dataset } = weight;
    if (randomState.test(name)) continue;
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
