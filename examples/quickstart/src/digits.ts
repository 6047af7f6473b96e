import { batchAt, embeddedDigits, sequentialBatches, toTensors } from '@espalier/datasets';
import type { Batch } from '@espalier/trainer';
import { recipe } from './recipe.js';

const { train, test, normalization: normalize } = await embeddedDigits();
const { batchSize, seed, crop } = recipe;

/** The training digits of one step: the same ones whenever it is asked for. */
export function trainingBatch(position: number): Batch {
  return toTensors(batchAt(train, { position, batchSize, seed, normalize, augment: { crop } }));
}

/** All 1,500 test digits, which no network is trained on. */
export function* testBatches(): Generator<Batch> {
  for (const batch of sequentialBatches(test, { batchSize: 500, normalize })) yield toTensors(batch);
}
