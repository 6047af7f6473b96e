import type { Batch } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { RunData } from '../data/run-data.js';

/** Labels as the outputs have them: of several units a row of 0 and 1 for each example, of one unit 0 or 1. */
export function asRows(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const units = outputs.shape.at(-1) ?? 1;
  if (units === 1 || labels.shape.join() === outputs.shape.join()) return labels;
  return rowsOf(labels, units);
}

/** Labels as the index of each example's class, whatever a loss wanted. */
export function asIndices(outputs: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  const units = outputs.shape.at(-1) ?? 1;
  return units === 1 || labels.shape.join() !== outputs.shape.join() ? labels : tf.cast(tf.argMax(labels, -1), 'int32');
}

/** The same examples with rows of 0 and 1 in the place of classes, for losses of units that say yes or no. */
export function withRows(data: RunData): RunData {
  const classes = data.classes.length;
  return {
    ...data,
    training: request => {
      const { batches, close } = data.training(request);
      return { close, batches: async position => inRows(await batches(position), classes) };
    },
    testing: (batchSize, normalize) => {
      const testing = data.testing(batchSize, normalize);
      return async function* () {
        for await (const batch of testing()) yield inRows(batch, classes);
      };
    },
  };
}

function inRows({ xs, ys }: Batch, classes: number): Batch {
  const rows = tf.tidy(() => rowsOf(ys, classes));
  ys.dispose();
  return { xs, ys: rows };
}

/** The dtype argument of oneHot is no help: the WASM kernel writes integers whatever it says. */
const rowsOf = (labels: tf.Tensor, classes: number): tf.Tensor =>
  tf.cast(tf.oneHot(tf.cast(tf.reshape(labels, [labels.size]), 'int32'), classes), 'float32');
