import type { Batch } from '@espalier/datasets';
import { toTensors } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Scores, scorePredictions } from './scores.js';

/** Scores of a model in inference mode: moving statistics are used and stay as they are. */
export async function scoreModel(
  model: LayersModel,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  classes: number,
): Promise<Scores> {
  const predictions: number[] = [];
  const labels: number[] = [];
  for await (const batch of batches) {
    const { xs, ys } = toTensors(batch);
    const predicted = tf.tidy(() => tf.argMax(model.apply(xs, { training: false }) as tf.Tensor, -1));
    try {
      for (const prediction of await predicted.data()) predictions.push(prediction);
      for (const label of batch.labels) labels.push(label);
    } finally {
      tf.dispose([xs, ys, predicted]);
    }
  }
  return scorePredictions(predictions, labels, classes);
}
