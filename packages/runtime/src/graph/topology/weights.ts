import type { StoredTensor } from '@espalier/core';
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

/** `{ bias }`, or nothing if the layer has none. */
export function biasOf(call: LayerCall): { bias?: Float32Array } {
  return call.config.use_bias === false ? {} : { bias: call.weight('bias').values };
}

/** Finds the weights of layers by stable name, `layer/weight`, also below the names of enclosing models. */
export class WeightShelf {
  readonly #bySuffix = new Map<string, StoredTensor | 'ambiguous'>();

  constructor(readonly weights: ReadonlyMap<string, StoredTensor>) {
    for (const [name, tensor] of weights) {
      const suffix = name.split('/').slice(-2).join('/');
      this.#bySuffix.set(suffix, this.#bySuffix.has(suffix) ? 'ambiguous' : tensor);
    }
  }

  get(layer: string, weight: string): StoredTensor {
    const name = `${layer}/${weight}`;
    const tensor = this.weights.get(name) ?? this.#bySuffix.get(name.split('/').slice(-2).join('/'));
    if (tensor === 'ambiguous') malformed(`Several weights end in "${name}". Give the layers different names.`);
    return tensor ?? malformed(`There is no weight "${name}". Topology and weights must come from the same model.`);
  }
}
