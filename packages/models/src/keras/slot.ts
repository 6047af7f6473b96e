import type * as tf from '@tensorflow/tfjs-layers';
import { type Leaf, leavesOf } from '../leaves.js';
import { cellIn, hasParts, orderedCells, partOf } from './recurrent.js';

/** A variable of a layer; tfjs exports no type for it. */
type LayerVariable = tf.LayersModel['weights'][number];

/** A weight of a model. */
export interface KerasSlot {
  /** Our stable name, `conv1/kernel`. */
  readonly name: string;
  /** Name of the layer. */
  readonly layer: string;
  readonly variable: LayerVariable;
  /** True for weights of dense layers, which Keras may store as a 1x1 convolution. */
  readonly dense: boolean;
  /** True for biases of GRU layers, which have another shape with `reset_after`. */
  readonly gru: boolean;
}

/** The weights of a model, and which is meant by a name of Keras. */
export interface KerasSlots {
  readonly slots: readonly KerasSlot[];
  /**
   * The weight by the parts of its name, the last of them its own name in the layer or its place there; undefined if
   * there is none. `layerName` is our name of a layer by Keras's.
   */
  find(parts: readonly string[], layerName?: (layer: string) => string): KerasSlot | undefined;
}

/** Every weight of a model with the names that Keras has for it; `names` are all names that will be looked for. */
export function slotsOf(model: tf.LayersModel, names: readonly (readonly string[])[]): KerasSlots {
  const slots: KerasSlot[] = [];
  const byKey = new Map<string, KerasSlot>();
  const divided = new Map<string, readonly string[]>();
  for (const leaf of leavesOf(model)) {
    const layer = leaf.path.at(-1) as string;
    if (hasParts(leaf)) divided.set(layer, orderedCells(leaf.layer, cellNames(layer, names)));
    for (const [key, slot] of slotsOfLeaf(leaf, layer)) {
      if (!slots.includes(slot)) slots.push(slot);
      if (!byKey.has(key)) byKey.set(key, slot);
    }
  }
  const find: KerasSlots['find'] = (parts, layerName = layer => layer) => {
    const owner = parts.slice(0, -1).findIndex(part => divided.has(part));
    if (owner < 0) return byKey.get(keyOf(layerName(parts.at(-2) as string), '/', parts.at(-1) as string));
    const layer = parts[owner] as string;
    return byKey.get(
      keyOf(layer, partOf(parts.slice(owner + 1, -1), divided.get(layer) ?? []), parts.at(-1) as string),
    );
  };
  return { slots, find };
}

/** The cells of a layer, in the order in which the names have them. */
function cellNames(layer: string, names: readonly (readonly string[])[]): string[] {
  const cells = names.map(parts => cellIn(parts.slice(parts.indexOf(layer) + 1, -1)) ?? '');
  return [...new Set(cells.filter((cell, i) => cell !== '' && names[i]?.includes(layer)))];
}

const keyOf = (layer: string, part: string, parameter: string): string => `${layer}//${part}//${parameter}`;

/** The weights of a layer under their own names, their places, and Keras 3's names where those are others. */
function* slotsOfLeaf(leaf: Leaf, name: string): Generator<readonly [key: string, slot: KerasSlot]> {
  const { layer } = leaf;
  const kind = layer.getClassName();
  const parted = hasParts(leaf);
  const places = new Map<string, number>();
  const cells = [...new Set(layer.weights.map(({ originalName }) => cellIn(originalName.split('/')) ?? ''))];
  for (const variable of layer.weights) {
    const parts = variable.originalName.split('/');
    const own = parts.at(-1) as string;
    const part = parted ? partOf(parts.slice(0, -1), cells) : '/';
    const place = places.get(part) ?? 0;
    places.set(part, place + 1);
    const gru = own === 'bias' && (kind === 'GRU' || (parted && /gru/i.test(variable.originalName)));
    const slot = { name: variable.originalName, layer: name, variable, dense: kind === 'Dense', gru };
    yield [keyOf(name, part, own), slot];
    yield [keyOf(name, part, `${place}`), slot];
    if (own === 'depthwise_kernel') yield [keyOf(name, part, 'kernel'), slot];
  }
}

/**
 * True if a tensor of this shape can fill the weight: the same shape, or that of a 1x1 convolution for a dense layer.
 */
export function fits({ variable, dense }: KerasSlot, shape: readonly number[]): boolean {
  const own = variable.shape.join();
  return own === shape.join() || (dense && variable.shape.length === 2 && `1,1,${own}` === shape.join());
}
