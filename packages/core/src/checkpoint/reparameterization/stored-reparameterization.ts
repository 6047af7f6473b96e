import type { StoredTensor } from '../tensors/stored-tensor.js';

/**
 * One trained parameter of a layer, with its optimizer slots.
 *
 * @experimental
 */
export interface StoredParameter {
  /** Name of the weight it belongs to, one of {@link StoredReparameterization.raw}. */
  readonly weight: string;
  /** Name within the layer, e.g. `threshold`. */
  readonly name: string;
  /** True if it has one number for each entry of its weight; left out if it has one. */
  readonly perWeight?: true | undefined;
  /** Names of its optimizer slots, as in {@link StoredSlot.slot}; empty before the first update. */
  readonly slots: readonly string[];
  /**
   * Its value, then one value for each slot; of a parameter per weight each as many numbers as the weight has entries,
   * row-major.
   */
  readonly values: Float32Array;
}

/**
 * What is trained beneath the weights while a method's {@link Reparameterization} is in force.
 *
 * @experimental
 */
export interface StoredReparameterization {
  /**
   * What masks act on. Under `raw` masked entries of raw weights are 0 and those of slots hold the initial value; under
   * `effective` both are dense.
   */
  readonly masking: 'raw' | 'effective';
  /** Raw weights by name, in the shapes of {@link Checkpoint.weights}, which are the effective ones. */
  readonly raw: ReadonlyMap<string, StoredTensor>;
  /** Parameters, in the order in which the optimizer has their slots. */
  readonly parameters: readonly StoredParameter[];
}
