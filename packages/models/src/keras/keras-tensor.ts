/** One weight of a Keras model. */
export interface KerasTensor {
  /**
   * Dimensions in Keras's layout, which is TensorFlow.js's: a convolution's kernel is `[height, width, input, output]`.
   */
  readonly shape: readonly number[];
  /** One value per entry, row-major. Not modified. */
  readonly values: ArrayLike<number>;
}

/**
 * Weights of a Keras model by names that end in layer and weight: `conv1/kernel`. Names of models before that and `:0`
 * after it are as good (`mobilenet/conv1/kernel:0`), and so is the weight's place in its layer for its name
 * (`conv1/0`).
 */
export type KerasTensors = ReadonlyMap<string, KerasTensor>;
