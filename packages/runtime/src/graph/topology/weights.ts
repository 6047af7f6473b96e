import type { StoredTensor } from '@espalier/core';
import { show } from '../show.js';
import { malformed } from './fields.js';
import type { LayerCall } from './layer-call.js';

/** A kernel, of the right number of axes and of as many values as its shape says. */
export function kernelOf(call: LayerCall, name: string, rank: number): StoredTensor {
  const tensor = call.weight(name);
  const { shape, values } = tensor;
  const size = shape.reduce((product, length) => product * length, 1);
  if (shape.length !== rank || values.length !== size || size === 0) {
    malformed(
      `The weight "${call.layer}/${name}" has shape [${shape}] and ${values.length} values; it needs ${rank} axes.`,
    );
  }
  return tensor;
}

/** `{ bias }` of so many outputs, or nothing if the layer has none. */
export function biasOf(call: LayerCall, outputs: number): { bias?: Float32Array } {
  return call.config.use_bias === false ? {} : { bias: vectorOf(call, 'bias', outputs) };
}

/** A weight of one value for each of so many channels. */
export function vectorOf(call: LayerCall, name: string, length: number): Float32Array {
  const { shape, values } = call.weight(name);
  if (shape.length === 1 && shape[0] === length && values.length === length) return values;
  return malformed(
    `The weight "${call.layer}/${name}" has shape [${shape}] and ${values.length} values; it needs ${length} of them.`,
  );
}

/**
 * Refuses a layer that says another size than its weights have. TensorFlow.js leaves the `depth_multiplier` of a
 * `SeparableConv2D` out.
 */
export function requireSizes(call: LayerCall, sizes: Readonly<Record<string, readonly number[]>>): void {
  for (const [option, size] of Object.entries(sizes)) {
    const said = call.config[option] ?? size;
    const same = (Array.isArray(said) ? said : size.map(() => said)).join() === size.join();
    if (!same)
      malformed(`The ${option} of layer "${call.layer}" is ${show(said)}, but its weights are of ${show(size)}.`);
  }
}

interface Stored {
  readonly name: string;
  readonly tensor: StoredTensor;
}

/** Finds the weights of layers by stable name, `layer/weight`, also below the names of enclosing models. */
export class WeightReader {
  readonly #bySuffix = new Map<string, Stored | 'ambiguous'>();
  /** Which layer has read a weight. */
  readonly #readers = new Map<string, object>();

  constructor(readonly weights: ReadonlyMap<string, StoredTensor>) {
    for (const [name, tensor] of weights) {
      const suffix = name.split('/').slice(-2).join('/');
      this.#bySuffix.set(suffix, this.#bySuffix.has(suffix) ? 'ambiguous' : { name, tensor });
    }
  }

  #find(name: string): Stored | 'ambiguous' | undefined {
    const exact = this.weights.get(name);
    return exact ? { name, tensor: exact } : this.#bySuffix.get(name.split('/').slice(-2).join('/'));
  }

  has(layer: string, weight: string): boolean {
    return this.#find(`${layer}/${weight}`) !== undefined;
  }

  get(layer: string, weight: string, reader: object): StoredTensor {
    const name = `${layer}/${weight}`;
    const found = this.#find(name);
    if (found === 'ambiguous') return malformed(`Several weights end in "${name}". Give the layers different names.`);
    if (!found) return malformed(`There is no weight "${name}". Topology and weights must come from the same model.`);
    if ((this.#readers.get(found.name) ?? reader) !== reader)
      malformed(`Two layers read the weight "${found.name}". Give the layers different names.`);
    this.#readers.set(found.name, reader);
    return found.tensor;
  }

  /** Refuses weights that no layer has read. */
  requireAllRead(): void {
    const left = [...this.weights.keys()].find(name => !this.#readers.has(name));
    if (left !== undefined)
      malformed(`The weight "${left}" belongs to no layer. Topology and weights must come from the same model.`);
  }
}
