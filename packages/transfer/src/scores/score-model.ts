import type { Batch } from '@espalier/datasets';
import { toTensors } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Scores, scorePredictions } from './scores.js';

/**
 * Milliseconds without a turn for timers and signals, at most; the CPU and WASM never leave the queue of microtasks by
 * themselves.
 */
const breath = 50;

/**
 * Scores of a model in inference mode: moving statistics are used and stay as they are. Rejects with the signal's
 * reason if it is aborted.
 */
export async function scoreModel(
  model: LayersModel,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  classes: number,
  signal?: AbortSignal,
): Promise<Scores> {
  const predictions: number[] = [];
  const labels: number[] = [];
  let last = performance.now();
  for await (const batch of batches) {
    const { xs, ys } = toTensors(batch);
    const predicted = tf.tidy(() => tf.argMax(model.apply(xs, { training: false }) as tf.Tensor, -1));
    try {
      for (const prediction of await predicted.data()) predictions.push(prediction);
      for (const label of batch.labels) labels.push(label);
    } finally {
      tf.dispose([xs, ys, predicted]);
    }
    if (performance.now() - last > breath) {
      await new Promise<void>(resolve => setTimeout(resolve, 0));
      last = performance.now();
    }
    signal?.throwIfAborted();
  }
  return scorePredictions(predictions, labels, classes);
}
