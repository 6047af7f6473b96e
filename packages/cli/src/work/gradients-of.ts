import type { SessionOptions } from '@espalier/core/tfjs';
import type { Normalization } from '@espalier/datasets';
import { exampleLosses, type Loss } from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData, TrainingBatches } from '../data/run-data.js';

/** Keeps the order of these examples apart from that of training. */
const STREAM = 1000;

/** Examples that are read together. */
const BATCH = 32;

/** What decides which examples they are. */
export interface GradientRequest {
  readonly seed: number;
  /** Loss of a single example; what the network asks for if it is absent. */
  readonly loss: Loss | undefined;
  readonly normalize: Normalization;
  /** Steps made so far. */
  readonly step: () => number;
}

/** The session option, and an end to what reads ahead. */
export interface Gradients {
  readonly exampleLosses: NonNullable<SessionOptions['exampleLosses']>;
  close(): Promise<void>;
}

/**
 * Losses of single training examples, for methods that look at their gradients. Which examples they are follows from
 * seed and step, so that a resumed run sees the same.
 */
export function gradientsOf(
  model: LayersModel,
  data: RunData,
  { seed, loss, normalize, step }: GradientRequest,
): Gradients {
  const batchSize = Math.min(BATCH, data.size);
  let examples: TrainingBatches | undefined;
  return {
    exampleLosses: async function* (count) {
      const batches = Math.ceil(count / batchSize);
      const first = step() * batches;
      const opened = data.training({ batchSize, seed: seed + STREAM, normalize, steps: first + batches });
      examples = opened;
      yield* exampleLosses({ model, batches: position => opened.batches(first + position), loss })(count);
      await opened.close();
    },
    close: async () => examples?.close(),
  };
}
