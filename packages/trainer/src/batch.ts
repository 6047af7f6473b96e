import type * as tf from '@tensorflow/tfjs-core';

/**
 * Examples that go through the model together, as `toTensors` of `@espalier/datasets` makes them. Whoever is handed a batch
 * owns its tensors: {@link train}, {@link evaluate} and {@link recalibrateBatchNorm} dispose them after use.
 */
export interface Batch {
  /** Model input, `[examples, ...inputShape]`. */
  readonly xs: tf.Tensor;
  /** Class indices, int32 `[examples]`; or a distribution over the classes, float32 `[examples, classes]`. */
  readonly ys: tf.Tensor;
}

/**
 * The training batch of a position. It must be a function of the position alone (and of your seed): that is what makes a
 * resumed or rewound run see the same data again. `batchAt` of `@espalier/datasets` is one.
 */
export type BatchSource = (position: number) => Batch | Promise<Batch>;

/** A finite series of batches, e.g. a held-out set; generators count. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;
