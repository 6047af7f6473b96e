import type { LayerShape } from './layer.js';
import type { TensorOperations } from './tensor-operations.js';

/** What a reparameterization trains of a layer beside its weight: one number, or one for each entry of the weight. */
export interface ReparameterizationParameter {
  /** Name within the layer, e.g. `threshold`. */
  readonly name: string;
  /**
   * Whether there is one number for each entry of the weight, in the weight's shape, rather than one for the layer.
   *
   * @defaultValue false
   */
  readonly perWeight?: boolean | undefined;
  /**
   * Value before the first step: a finite number, or, of a parameter per weight, also a `Float32Array` with a finite
   * number for each entry, row-major.
   */
  readonly initial: number | Float32Array;
  /**
   * Coupled weight decay of its own: this multiple of the parameter is added to its gradient, before momentum. A finite
   * number ≥ 0.
   */
  readonly decay: number;
}

/** What the gradients of a step are worked out from; all tensors of one layer. */
export interface ReparameterizationInputs<T> {
  /** The trained weight beneath the one that the model sees. */
  readonly raw: T;
  /** Parameters by name: one entry each, or the weight's shape if they are per weight. */
  readonly parameters: Readonly<Record<string, T>>;
  /**
   * The mask as numbers of the weight's shape, 1 = active, 0 = masked: for gradients that differ there, such as
   * `whereGreater(mask, 0, gradient, 0)`. Made when it is read, so that hooks that do not look pay nothing.
   */
  readonly mask: T;
  /**
   * Gradient of the loss with respect to the effective weight, without weight decay: dense under
   * `masking: 'effective'`, 0 at masked entries under `'raw'`.
   */
  readonly gradient: T;
}

/** Gradients of a step, without weight decay. */
export interface ReparameterizationGradients<T> {
  /** With respect to the raw weight. */
  readonly raw: T;
  /**
   * With respect to each parameter, by name: one entry (any shape of size 1), or the weight's shape if it is per
   * weight, where masked entries learn like others; left out if there are none.
   */
  readonly parameters?: Readonly<Record<string, T>>;
}

/**
 * Trains a raw weight beneath the effective weight that the model computes with: the hook for methods that act on every
 * step on the device (soft thresholds, straight-through estimators).
 *
 * While it is in force, from before the method's `start`, the session keeps for every prunable weight a raw tensor of
 * the same shape, at first the weight itself, and the layer's parameters, of one number or one per weight. The model
 * always sees `effective(raw, parameters)`, 0 where masked; the optimizer, with its momentum, updates raw weights and
 * parameters by what `backward` returns plus the session's weight decay of the raw weight and each parameter's own.
 * Entries and parameters that no gradient reaches (a skipped step, a frozen weight, a loss that does not depend on it)
 * stay as they are, without decay.
 *
 * A decision with `bake: true` ends it for good: the effective weights become the weights. Zeros that the hook made are
 * not masked by themselves, so a method that keeps them gives masks in the same decision. Snapshots and rewinds are not
 * possible before. Checkpoints hold the effective weights, and resume bit for bit.
 *
 * @experimental May change in a minor release until three methods of this repository need it.
 *
 * @example Soft thresholding by one trained number a layer.
 * ```ts
 * import type { Reparameterization } from '@espalier/core';
 *
 * export const softThreshold: Reparameterization = {
 *   parameters: () => [{ name: 'threshold', initial: 0.01, decay: 0 }],
 *   effective: ({ abs, mul, relu, sign, sub }, raw, { threshold }) =>
 *     threshold ? mul(sign(raw), relu(sub(abs(raw), threshold))) : raw,
 *   backward: ({ abs, mul, sign, sum, whereGreater }, { raw, parameters: { threshold }, gradient }) => {
 *     if (!threshold) return { raw: gradient };
 *     const passed = whereGreater(abs(raw), threshold, gradient, 0);
 *     return { raw: passed, parameters: { threshold: mul(sum(mul(sign(raw), passed)), -1) } };
 *   },
 * };
 * ```
 *
 * @example A score for each weight, trained straight through the mask, beside weights that learn only while they are
 *   active.
 * ```ts
 * import type { Reparameterization } from '@espalier/core';
 *
 * export const scored: Reparameterization = {
 *   masking: 'effective',
 *   parameters: () => [{ name: 'scores', perWeight: true, initial: 0, decay: 0 }],
 *   effective: (_, raw) => raw,
 *   backward: ({ mul, whereGreater }, { raw, gradient, mask }) => ({
 *     raw: whereGreater(mask, 0, gradient, 0),
 *     parameters: { scores: mul(gradient, raw) },
 *   }),
 * };
 * ```
 */
export interface Reparameterization {
  /**
   * What the session's masks act on. `raw`: raw weights, gradients and slots, as for every other method. `effective`:
   * the effective weight alone, so raw weights and slots beneath a mask keep learning (dynamic pruning with feedback),
   * until they are baked.
   *
   * @defaultValue 'raw'
   */
  readonly masking?: 'raw' | 'effective' | undefined;
  /**
   * Parameters of a layer; none if left out. Called for each prunable weight when a session starts or resumes; pure.
   */
  parameters?(layer: LayerShape): readonly ReparameterizationParameter[];
  /** The weight that the model sees, before masks. Pure; must not dispose or keep what it is given. */
  effective<T>(operations: TensorOperations<T>, raw: T, parameters: Readonly<Record<string, T>>): T;
  /** The gradients of a step. Pure; weight decay is added afterwards by the session. */
  backward<T>(operations: TensorOperations<T>, inputs: ReparameterizationInputs<T>): ReparameterizationGradients<T>;
}
