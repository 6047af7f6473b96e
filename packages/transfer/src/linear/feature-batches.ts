import { randomStreams } from '@espalier/core';
import type { Batch as HostBatch } from '@espalier/datasets';
import type { Batch } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { Features } from '../features/features.js';

/** Steps of an epoch over all examples; the last one may have fewer, as in the study's data loader. */
export const stepsOf = ({ labels }: Features, batchSize: number): number => Math.ceil(labels.length / batchSize);

/** The rows of one position: every epoch has an order of its own, a function of seed and epoch alone. */
export function featureBatch(features: Features, position: number, batchSize: number, seed: number): Batch {
  const { values, labels, dimension } = features;
  const steps = stepsOf(features, batchSize);
  const order = orderOf(features, seed, Math.floor(position / steps));
  const start = (position % steps) * batchSize;
  const chosen = order.subarray(start, start + batchSize);
  const rows = new Float32Array(chosen.length * dimension);
  chosen.forEach((example, row) => {
    rows.set(values.subarray(example * dimension, (example + 1) * dimension), row * dimension);
  });
  return {
    xs: tf.tensor2d(rows, [chosen.length, dimension]),
    ys: tf.tensor1d(
      Int32Array.from(chosen, example => labels[example] ?? 0),
      'int32',
    ),
  };
}

interface Order {
  readonly seed: number;
  readonly epoch: number;
  readonly order: Uint32Array;
}

const latest = new WeakMap<Features, Order>();

function orderOf(features: Features, seed: number, epoch: number): Uint32Array {
  const kept = latest.get(features);
  if (kept?.seed === seed && kept.epoch === epoch) return kept.order;
  const random = randomStreams(seed, epoch)('order');
  const order = Uint32Array.from(features.labels, (_, example) => example);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const swapped = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swapped;
  }
  latest.set(features, { seed, epoch, order });
  return order;
}

/** Every row once, in order. */
export function* allFeatures({ values, labels, dimension }: Features, classes: number): Generator<HostBatch> {
  const batchSize = 1024;
  for (let start = 0; start < labels.length; start += batchSize) {
    const some = labels.slice(start, start + batchSize);
    const rows = values.slice(start * dimension, (start + some.length) * dimension);
    yield { images: rows, labels: some, size: some.length, shape: [1, 1, dimension], classes };
  }
}
