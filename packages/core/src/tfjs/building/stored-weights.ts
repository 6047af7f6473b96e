import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { TopologyWeightsError } from '../../errors/topology-errors.js';

/** Shape and type of a weight that follows. */
export interface WeightShape {
  readonly shape: readonly number[];
  /** @defaultValue `'float32'` */
  readonly dtype?: string;
}

type AddWeight = (
  this: layers.layers.Layer,
  name: string,
  shape: readonly (number | null)[],
  dtype: tf.DataType | null | undefined,
  initializer: unknown,
  ...others: unknown[]
) => unknown;

/** In place of every initializer, since what it would draw is overwritten. */
const zeros = { apply: (shape: number[], dtype?: tf.DataType): tf.Tensor => tf.zeros(shape, dtype) };

/**
 * Builds layers whose weights follow: no initializer is run, and a layer that declares a weight of a shape that none of
 * those to come has is refused before anything is allocated for it.
 *
 * Every layer makes its weights by `addWeight` of the base class, which is another one while `build` runs.
 *
 * @throws {@link TopologyWeightsError}
 */
export function withStoredWeights<T>(
  { Layer }: { readonly Layer: typeof layers.layers.Layer },
  stored: ReadonlyMap<string, WeightShape>,
  build: () => T,
): T {
  const left = new Map<string, number>();
  for (const { shape, dtype = 'float32' } of stored.values()) {
    const kind = kindOf(shape, dtype);
    left.set(kind, (left.get(kind) ?? 0) + 1);
  }
  const prototype = Layer.prototype as unknown as { addWeight: AddWeight };
  const { addWeight } = prototype;
  prototype.addWeight = function (name, shape, dtype, _initializer, regularizer, trainable, constraint) {
    const kind = kindOf(shape, dtype ?? 'float32');
    const count = left.get(kind) ?? 0;
    if (count === 0) throw mismatch(`${this.name}/${name}`, kind, stored);
    left.set(kind, count - 1);
    return addWeight.call(this, name, shape, dtype, zeros, regularizer, trainable, constraint);
  };
  try {
    return build();
  } finally {
    prototype.addWeight = addWeight;
  }
}

const kindOf = (shape: readonly (number | null)[], dtype: string): string => `[${shape.join(', ')}] of ${dtype}`;

function mismatch(name: string, declared: string, stored: ReadonlyMap<string, WeightShape>): TopologyWeightsError {
  const [, found] =
    [...stored].find(([key]) => key === name) ?? [...stored].find(([key]) => key.endsWith(`/${name}`)) ?? [];
  const there = found
    ? `but the one that is stored is ${kindOf(found.shape, found.dtype ?? 'float32')}`
    : 'of which there is none, or no further one, among the weights';
  return new TopologyWeightsError(`The layers ask for "${name}" as ${declared}, ${there}.`);
}
