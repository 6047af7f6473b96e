import { invalidKerasFile } from '../file-problems.js';
import { type StoredWeight, storedWeight } from '../hdf5/dataset.js';
import type { Hdf5Group } from '../hdf5/hdf5.js';
import type { Hdf5Node } from '../hdf5/hdf5-program.js';

/** True for a group whose attributes list its layers, as in `.h5` files. */
export const listsLayers = ({ attributes }: Hdf5Group): boolean =>
  attributes.has('layer_names') || attributes.has('layer_names0');

/** The weights of a group that lists its layers, which list their weights. */
export function* namedLayout(file: string, root: Hdf5Group): Generator<StoredWeight> {
  const top = 'top_level_model_weights';
  const layers = listed(file, root, 'layer_names');
  for (const layer of root.entries.has(top) && !layers.includes(top) ? [...layers, top] : layers) {
    const group = within(root, layer);
    if (group?.kind !== 'group') throw invalidKerasFile(file, `Its layer "${layer}" is not in it.`);
    for (const weight of listed(file, group, 'weight_names')) {
      yield storedWeight(file, nameOf(layer, weight), within(group, weight));
    }
  }
}

/** What lies in a group under a path. */
function within(group: Hdf5Group, path: string): Hdf5Node | undefined {
  let node: Hdf5Node | undefined = group;
  for (const name of path.split('/').filter(Boolean))
    node = node?.kind === 'group' ? node.entries.get(name) : undefined;
  return node;
}

/** A list of strings; Keras cuts long ones into `weight_names0`, `weight_names1` and so on. */
function listed(file: string, { attributes }: Hdf5Group, name: string): string[] {
  const parts = attributes.has(name) ? [attributes.get(name)] : [];
  for (let i = 0; parts.length === i && attributes.has(`${name}${i}`); i++) parts.push(attributes.get(`${name}${i}`));
  return parts.flatMap(value => {
    if (Array.isArray(value) && value.every(entry => typeof entry === 'string')) return value;
    if (typeof value === 'string') return [value];
    if (ArrayBuffer.isView(value) && value.byteLength === 0) return []; // what an empty list looks like
    throw invalidKerasFile(file, `Its list "${name}" is not one of names.`);
  });
}
/** Keras 1, from which the weights of VGG16 are, wrote `block1_conv1_W_1:0`. */
const oldest: readonly (readonly [RegExp, string])[] = [
  [/^(.*)_W(_\d+)?$/, 'kernel'],
  [/^(.*)_b(_\d+)?$/, 'bias'],
];

/**
 * `conv/kernel` of the layer `conv` and `model/conv_1/kernel:0`; for a nested model, what is within it follows:
 * `inner/conv/kernel`.
 */
function nameOf(layer: string, weight: string): string {
  const parts = weight.replace(/:\d+$/, '').split('/');
  const own = parts.findLastIndex(
    part => part === layer || (part.startsWith(`${layer}_`) && /^\d+$/.test(part.slice(layer.length + 1))),
  );
  const rest = own === parts.length - 1 ? parts.slice(-1) : parts.slice(own + 1);
  const [first = ''] = rest;
  const old = rest.length === 1 ? oldest.find(([pattern]) => pattern.exec(first)?.[1] === layer) : undefined;
  return [layer, ...(old ? [old[1]] : rest)].join('/');
}
