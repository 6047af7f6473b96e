import type { LayerShape } from './layer.js';
import type { TensorOperations } from './tensor-operations.js';

/** A trained number that a reparameterization gives a layer beside its weight. */
export interface ReparameterizationParameter {
  /** Name within the layer, e.g. `threshold`. */
  readonly name: string;
  /** Value before the first step, a finite number. */
  readonly initial: number;
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
  /** Parameters by name, one entry each. */
  readonly parameters: Readonly<Record<string, T>>;
  /** Dense gradient of the loss with respect to the effective weight. */
  readonly gradient: T;
}

/** Gradients of a step. */
export interface ReparameterizationGradients<T> {
  /** With respect to the raw weight. */
  readonly raw: T;
  /** With respect to each parameter, by name, one entry each; left out if there are no parameters. */
  readonly parameters?: Readonly<Record<string, T>>;
}

/**
 * Trains a raw weight beneath the effective weight that the model computes with: the hook for methods that act on every
 * step on the device (soft thresholds, straight-through estimators).
 *
 * While it is in force the session keeps, for every prunable weight, a raw tensor of the same shape and the layer's
 * parameters. Each step the model sees `effective(raw, parameters)`; the optimizer updates raw weights and parameters with
 * what `backward` returns. A decision with `bake: true` ends it: the effective weights become the weights.
 *
 * Snapshots and rewinds are not possible while it is in force.
 *
 * @experimental May change in a minor release until three methods of this repository need it.
 */
export interface Reparameterization {
  /**
   * What the session's masks act on. `raw`: raw weights, gradients and slots, as for every other method. `effective`: the
   * effective weight alone, so raw weights beneath a mask keep learning (dynamic pruning with feedback).
   *
   * @defaultValue 'raw'
   */
  readonly masking?: 'raw' | 'effective';
  /** Parameters of a layer; none if left out. Called once for each prunable weight, when the session starts. */
  parameters?(layer: LayerShape): readonly ReparameterizationParameter[];
  /** The weight that the model sees, before masks. Pure; must not dispose or keep what it is given. */
  effective<T>(operations: TensorOperations<T>, raw: T, parameters: Readonly<Record<string, T>>): T;
  /** The gradients of a step. Pure; weight decay is added afterwards by the session. */
  backward<T>(operations: TensorOperations<T>, inputs: ReparameterizationInputs<T>): ReparameterizationGradients<T>;
}
