import * as tf from '@tensorflow/tfjs-core';

/**
 * Examples that go through the model together, as `toTensors` of `@espalier/datasets` makes them. Whoever is handed a
 * batch owns its tensors: {@link train}, {@link evaluate} and {@link recalibrateBatchNorm} dispose them after use.
 */
export interface Batch {
  /** Model input, `[examples, ...inputShape]`. */
  readonly xs: tf.Tensor;
  /**
   * Class indices, whole numbers `[examples]` or `[examples, 1]`; or a distribution over the classes,
   * `[examples, classes]`. For a single unit that tells two classes apart: 0, 1, or a fraction between them. A loss and
   * a metric of your own may take labels of any form.
   */
  readonly ys: tf.Tensor;
}

/**
 * The training batch of a position. It must be a function of the position alone (and of your seed): that is what makes
 * a resumed or rewound run see the same data again. `batchAt` of `@espalier/datasets` is one.
 */
export type BatchSource = (position: number) => Batch | Promise<Batch>;

/** A finite series of batches, e.g. a held-out set; generators count. */
export type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** Frees the tensors of what should be a batch. */
export function disposeBatch(batch: Partial<Batch> | undefined | null): void {
  tf.dispose([batch?.xs, batch?.ys].filter(tensor => tensor instanceof tf.Tensor));
}

/** Whether something can be read batch by batch. */
export function isSeries(value: unknown): value is Batches {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
