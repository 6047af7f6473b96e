import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireLayersModel } from '../../arguments.js';
import { libraryMissing } from '../file-problems.js';

type Group = InstanceType<typeof import('h5wasm')['Group']>;

/** Most bytes of an attribute, with room for its header; Keras cuts longer lists into parts. */
const mostOfAttribute = 60_000;

/**
 * The weights of a model as a file that Keras reads: the HDF5 layout that `save_weights('model.h5')` of Keras 2 writes,
 * which `load_weights` of Keras 2 and 3 takes for files named `.h5` (not `.weights.h5`, which is another layout). Keras
 * goes by the order of the layers that have weights. Zeros stay zeros.
 *
 * Needs the package `h5wasm`, and some three times the memory of the weights.
 *
 * @param model - Not changed. Of a network inside of it, all weights go by the name of the network, as in Keras.
 * @returns The bytes of the file.
 * @throws {@link ModelFileError} with `H5WASM_MISSING` if `h5wasm` is not installed.
 * @throws {@link InvalidOptionError} if it is no `LayersModel`.
 *
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { kerasWeightsFile } from '@espalier/models/node';
 * import type { LayersModel } from '@tensorflow/tfjs-layers';
 *
 * export async function forKeras(model: LayersModel): Promise<void> {
 *   await writeFile('model.h5', await kerasWeightsFile(model)); // model.load_weights('model.h5') in Python
 * }
 * ```
 */
export async function kerasWeightsFile(model: LayersModel): Promise<Uint8Array> {
  requireLayersModel(model);
  const { File, ready } = await import('h5wasm').catch((cause: unknown) => {
    throw libraryMissing('Writing weights for Keras', cause);
  });
  const { FS } = await ready;
  const name = `/espalier-${files++}.h5`;
  const file = new File(name, 'w');
  try {
    const layers = model.layers.filter(layer => layer.getClassName() !== 'InputLayer');
    writeList(
      file as unknown as Group,
      'layer_names',
      layers.map(layer => layer.name),
    );
    file.create_attribute('backend', 'tensorflow');
    file.create_attribute('keras_version', '2.4.0');
    for (const layer of layers) {
      const group = file.create_group(layer.name);
      const names = layer.weights.map(weight => `${weight.originalName}:0`);
      writeList(group, 'weight_names', names);
      for (const [i, weight] of layer.weights.entries()) {
        const parts = (names[i] as string).split('/');
        const own = parts.pop() as string;
        const values = (await weight.read().data()) as Float32Array;
        const shape = weight.shape as number[];
        within(group, parts).create_dataset({ name: own, data: Float32Array.from(values), shape, dtype: '<f' });
      }
    }
  } finally {
    file.close();
  }
  try {
    return FS.readFile(name) as Uint8Array;
  } finally {
    FS.unlink(name);
  }
}

let files = 0;

/** The group at a path, made where it is not there. */
function within(group: Group, path: readonly string[]): Group {
  let found = group;
  for (const part of path) found = found.keys().includes(part) ? (found.get(part) as Group) : found.create_group(part);
  return found;
}

/** A list of names, in parts `name0`, `name1`, … where it is too long for one attribute. */
function writeList(group: Group, name: string, list: readonly string[]): void {
  const longest = Math.max(1, ...list.map(entry => new TextEncoder().encode(entry).length));
  const most = Math.max(1, Math.floor(mostOfAttribute / longest));
  const write = (attribute: string, entries: readonly string[]): void => {
    if (entries.length > 0) group.create_attribute(attribute, [...entries], [entries.length], `S${longest}`);
    else group.create_attribute(attribute, new Float64Array(0), [0]);
  };
  if (list.length <= most) {
    write(name, list);
    return;
  }
  for (let part = 0; part * most < list.length; part++)
    write(`${name}${part}`, list.slice(part * most, (part + 1) * most));
}
