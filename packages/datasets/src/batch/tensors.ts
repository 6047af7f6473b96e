import { checkOptions, type OptionRules, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from './batch.js';

/** A batch on the backend. The caller disposes both tensors. */
export interface TensorBatch {
  /** Images, float32, `[size, height, width, channels]`. */
  readonly xs: tf.Tensor4D;
  /** Labels: int32 `[size]`, or one-hot float32 `[size, classes]`. */
  readonly ys: tf.Tensor1D | tf.Tensor2D;
}

/** How {@link toTensors} writes labels. */
export interface TensorOptions {
  /**
   * `'index'` for int32 class indices, `'one-hot'` for float32 rows with a single 1.
   *
   * @defaultValue 'index'
   */
  readonly labels?: 'index' | 'one-hot' | undefined;
}

const tensorRules: OptionRules<TensorOptions> = { labels: rules.optional(rules.oneOf('index', 'one-hot')) };

const batchRule = rules.that('a batch, with images and labels', value => {
  const { images, labels } = (value ?? {}) as Partial<Batch>;
  return images instanceof Float32Array && labels instanceof Int32Array;
});

/**
 * Makes tensors of a batch on the current backend.
 *
 * @param batch - From {@link batchAt} or {@link sequentialBatches}; do not change its arrays afterwards, a backend may
 *   keep them.
 * @param options - How to write labels.
 * @returns Two new tensors that the caller disposes.
 * @throws {@link UnknownOptionError} or {@link InvalidOptionError} if an option is unknown or out of range, or `batch`
 *   is no batch.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { batchAt, syntheticImages, toTensors } from '@espalier/datasets';
 *
 * const batch = batchAt(syntheticImages({ size: 100, seed: 1 }), { position: 0, batchSize: 32 });
 * const { xs, ys } = toTensors(batch, { labels: 'one-hot' });
 * console.log(xs.shape, ys.shape); // [32, 28, 28, 1] [32, 10]
 * tf.dispose([xs, ys]);
 * ```
 */
export function toTensors(batch: Batch, options: TensorOptions = {}): TensorBatch {
  batchRule('batch', batch as never);
  checkOptions(options, tensorRules);
  const { images, labels, size, shape, classes } = batch;
  const xs = tf.tensor4d(images, [size, ...shape]);
  if (options.labels !== 'one-hot') return { xs, ys: tf.tensor1d(labels, 'int32') };
  const rows = new Float32Array(size * classes);
  labels.forEach((label, example) => {
    rows[example * classes + label] = 1;
  });
  return { xs, ys: tf.tensor2d(rows, [size, classes]) };
}
