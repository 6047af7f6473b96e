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
  readonly labels?: 'index' | 'one-hot';
}

/**
 * Makes tensors of a batch on the current backend.
 *
 * @param batch - From {@link batchAt} or {@link sequentialBatches}; do not change its arrays afterwards, a backend may keep them.
 * @param options - How to write labels.
 * @returns Two new tensors that the caller disposes.
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
  const { images, labels, size, shape, classes } = batch;
  const xs = tf.tensor4d(images, [size, ...shape]);
  if (options.labels !== 'one-hot') return { xs, ys: tf.tensor1d(labels, 'int32') };
  const rows = new Float32Array(size * classes);
  labels.forEach((label, example) => {
    rows[example * classes + label] = 1;
  });
  return { xs, ys: tf.tensor2d(rows, [size, classes]) };
}
