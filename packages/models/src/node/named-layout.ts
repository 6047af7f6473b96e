import type * as H5 from 'h5wasm';
import type { KerasTensor } from '../keras/keras-tensor.js';
import { tensorOf } from './dataset.js';
import { invalidKerasFile } from './hdf5.js';

/** True for a group whose attributes list its layers, as in `.h5` files. */
export const listsLayers = (group: H5.Group): boolean => 'layer_names' in group.attrs || 'layer_names0' in group.attrs;

/** The weights of a group that lists its layers, which list their weights. */
export function* namedLayout(file: string, root: H5.Group, h5: typeof H5): Generator<readonly [string, KerasTensor]> {
  const top = 'top_level_model_weights';
  const layers = listed(file, root, 'layer_names');
  for (const layer of root.keys().includes(top) && !layers.includes(top) ? [...layers, top] : layers) {
    const group = root.get(layer);
    if (!(group instanceof h5.Group)) throw invalidKerasFile(file, `Its layer "${layer}" is not in it.`);
    for (const weight of listed(file, group, 'weight_names')) {
      const name = nameOf(layer, weight);
      yield [name, tensorOf(file, name, group.get(weight), h5)];
    }
  }
}

/** A list of strings; Keras cuts long ones into `weight_names0`, `weight_names1` and so on. */
function listed(file: string, { attrs }: H5.Group, name: string): string[] {
  const parts = name in attrs ? [attrs[name]?.value] : [];
  for (let i = 0; parts.length === i && `${name}${i}` in attrs; i++) parts.push(attrs[`${name}${i}`]?.value);
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

/** `conv/kernel` of the layer `conv` and `model/conv_1/kernel:0`; for a nested model, what is within it follows: `inner/conv/kernel`. */
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
