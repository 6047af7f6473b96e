import * as tf from '@tensorflow/tfjs-core';

/** One tensor, several in the order of a model's inputs or outputs, or several by their names. */
export type Tensors = tf.Tensor | readonly tf.Tensor[] | { readonly [name: string]: tf.Tensor };

/**
 * Examples that go through the model together, as `toTensors` of `@espalier/datasets` makes them. Whoever is handed a
 * batch owns its tensors: {@link train}, {@link evaluate} and {@link recalibrateBatchNorm} dispose them after use.
 *
 * @typeParam Inputs - `tf.Tensor`, or {@link Tensors} for models of several inputs.
 * @typeParam Labels - `tf.Tensor`, or {@link Tensors} for several outputs or a loss of your own.
 */
export interface Batch<Inputs extends Tensors = tf.Tensor, Labels extends Tensors = tf.Tensor> {
  /** Model input, `[examples, ...inputShape]`; for several inputs an array, or an object by the names of the inputs. */
  readonly xs: Inputs;
  /**
   * Class indices, whole numbers `[examples]` or `[examples, 1]`; or a distribution over the classes,
   * `[examples, classes]`. For a single unit that tells two classes apart: 0, 1, or a fraction between them. A loss and
   * a metric of your own may take labels of any form. For several outputs an array of such, or an object by the names
   * of the outputs.
   */
  readonly ys: Labels;
}

/** A {@link Batch} for any model. */
export type AnyBatch = Batch<Tensors, Tensors>;

/**
 * The training batch of a position. It must be a function of the position alone (and of your seed): that is what makes
 * a resumed or rewound run see the same data again. `batchAt` of `@espalier/datasets` is one.
 */
export type BatchSource<Of extends AnyBatch = Batch> = (position: number) => Of | Promise<Of>;

/** A finite series of batches, e.g. a held-out set; generators count. */
export type Batches<Of extends AnyBatch = Batch> = Iterable<Of> | AsyncIterable<Of>;

/** Frees the tensors of what should be a batch. */
export function disposeBatch(batch: { readonly xs?: unknown; readonly ys?: unknown } | undefined | null): void {
  const tensors = [batch?.xs, batch?.ys].flatMap(part =>
    part instanceof tf.Tensor || typeof part !== 'object' || part === null ? [part] : Object.values(part),
  );
  tf.dispose([...new Set(tensors)].filter(tensor => tensor instanceof tf.Tensor));
}

/** Whether something can be read batch by batch. */
export function isSeries(value: unknown): value is Batches<AnyBatch> {
  return typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}
