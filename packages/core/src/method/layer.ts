import type { GradientSum } from './gradient-sum.js';

/**
 * What a layer does with its weight. `depthwise` are kernels of which each output sees one input channel, those of
 * separable layers too; `recurrent` covers both kernels of a recurrent layer, also where they convolve. `other` is
 * everything else: biases, scales, and weights of layers that the library does not know.
 */
export type LayerKind = 'convolution' | 'depthwise' | 'dense' | 'embedding' | 'recurrent' | 'other';

/**
 * Axes of a weight, as indices into its shape. All others run over the positions of a kernel's window.
 *
 * An output has `size / (product of the output axes)` entries, which is its fan-in; an input likewise.
 */
export interface LayerAxes {
  /** Axes that number the inputs: units, channels, or the words of an embedding. Empty for `other`. */
  readonly input: readonly number[];
  /**
   * Axes that number the outputs; for a recurrent layer units times gates. A depthwise kernel
   * `[height, width, channels, multiplier]` has two: each channel has `multiplier` outputs. Empty for `other`.
   */
  readonly output: readonly number[];
}

/**
 * One prunable weight, without its values. "Layer" is the field's word; a weight with two kernels is two layers here.
 */
export interface LayerShape {
  /** Name that is stable across processes, e.g. `conv1/kernel`. */
  readonly name: string;
  /**
   * Dimensions as TensorFlow.js has them: `[height, width, in, out]` for convolutions, `[in, out]` for dense layers.
   */
  readonly shape: readonly number[];
  /** Number of entries, the product of `shape`. */
  readonly size: number;
  /**
   * What the layer is. Views of a session and of `pruneOnce` have it; a plain variable without a layer counts as dense,
   * as a convolution from three dimensions on, as depthwise if it is called `depthwise_kernel`, and as an embedding by
   * its role.
   */
  readonly kind?: LayerKind;
  /** Which axes are inputs and outputs; given whenever `kind` is. */
  readonly axes?: LayerAxes;
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
   * Slots of the optimizer by name, one number per entry, after the update of the step. Present only if the step's plan
   * asked for `slots`. SGD has none, momentum `momentum`, Adam `m` and `v`, Adagrad `accumulator`, Adadelta
   * `accum_grad` and `accum_var`, RMSProp `rms` and `momentum`. Before the first update, and for frozen weights, every
   * entry is the initial value: 0, or Adagrad's initial accumulator. While a {@link Reparameterization} is in force
   * they belong to `raw`.
   */
  readonly slots?: Readonly<Record<string, Float32Array>>;
  /**
   * The trained weights beneath `weights`, one per entry. Present only with weights, and only while the method's
   * {@link Reparameterization} is in force.
   *
   * @experimental
   */
  readonly raw?: Float32Array;
  /**
   * Values of the layer's parameters by name, under the same conditions as `raw`; those per weight are in
   * `weightParameters`.
   *
   * @experimental
   */
  readonly parameters?: Readonly<Record<string, number>>;
  /**
   * Values of the layer's parameters that have one number per entry, by name, row-major; under the same conditions as
   * `raw`.
   *
   * @experimental
   */
  readonly weightParameters?: Readonly<Record<string, Float32Array>>;
}
