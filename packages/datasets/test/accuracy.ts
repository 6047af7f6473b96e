import * as tf from '@tensorflow/tfjs-core';
import { type Dataset, digitsNormalisation, sequentialBatches, toTensors } from '../src/index.js';

/** What is measured: a `LayersModel`, without naming its package. */
interface Classifier {
  predict(xs: tf.Tensor): tf.Tensor | tf.Tensor[];
}

/** Share of right answers on held-out digits, for the tests of all methods. */
export async function accuracyOf(model: Classifier, test: Dataset): Promise<number> {
  let right = 0;
  for (const batch of sequentialBatches(test, { batchSize: 500, normalise: digitsNormalisation })) {
    const answers = tf.tidy(() => tf.argMax(model.predict(toTensors(batch).xs) as tf.Tensor, 1));
    const values = await answers.data();
    answers.dispose();
    right += batch.labels.reduce((sum, label, i) => sum + (values[i] === label ? 1 : 0), 0);
  }
  return right / test.size;
}
