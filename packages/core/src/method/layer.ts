import type { GradientSum } from './gradient-sum.js';

/** One prunable weight, without its values. "Layer" is the field's word; a weight with two kernels is two layers here. */
export interface LayerShape {
  /** Name that is stable across processes, e.g. `conv1/kernel`. */
  readonly name: string;
  /** Dimensions as TensorFlow.js has them: `[height, width, in, out]` for convolutions, `[in, out]` for dense layers. */
  readonly shape: readonly number[];
  /** Number of entries, the product of `shape`. */
  readonly size: number;
}

/** One prunable weight on the host, at one step. Arrays are row-major over `shape` and must not be modified. */
export interface LayerView extends LayerShape {
  /** Weights after the step, one per entry; exactly 0 where `mask` is 0. Empty if only the clock was asked for. */
  readonly weights: Float32Array;
  /** Current mask, one byte per entry: 1 = active, 0 = masked (pruned). */
  readonly mask: Uint8Array;
  /**
   * Dense gradient of the loss with respect to the *effective* weight (before masking), one per entry. Present only if
   * the step's plan asked for `gradients`; it does not contain weight decay.
   */
  readonly gradient?: Float32Array;
  /**
   * Sums of gradients over steps, one number per entry, masked ones included. Present only if the step's plan asked for
   * `sums`; then it has every kind that plans have accumulated since the run began or a decision last reset the sums.
   */
  readonly sums?: Readonly<Partial<Record<GradientSum, Float32Array>>>;
  /**
   * The trained weights beneath `weights`, one per entry. Present only with weights, and only while the method's
   * {@link Reparameterization} is in force.
   *
   * @experimental
   */
  readonly raw?: Float32Array;
  /**
   * Values of the layer's parameters by name, under the same conditions as `raw`; those per weight are in `weightParameters`.
   *
   * @experimental
   */
  readonly parameters?: Readonly<Record<string, number>>;
  /**
   * Values of the layer's parameters that have one number per entry, by name, row-major; under the same conditions as `raw`.
   *
   * @experimental
   */
  readonly weightParameters?: Readonly<Record<string, Float32Array>>;
}
