import { ShapeMismatchError } from '@espalier/core';
import { evaluationBatches, type Preparation, someOf } from '../task/evaluation-batches.js';
import type { TaskData } from '../task/task.js';
import type { FeatureCache, FeatureExtractor, Features } from './features.js';
import { sha256 } from './sha256.js';

/** How features are taken. */
export interface ExtractionOptions extends Omit<Preparation, 'inputShape'> {
  readonly cache?: FeatureCache | undefined;
  readonly onProgress?: (done: number) => unknown;
}

/** Features of every example, from the cache if it has them, and into it if not. */
export async function extractFeatures(
  extractor: FeatureExtractor,
  data: TaskData,
  options: ExtractionOptions,
): Promise<Features> {
  const { cache } = options;
  const key = cache && (await keyOf(extractor, data, options));
  if (key !== undefined) {
    const kept = await cache?.read(key);
    if (kept?.dimension === extractor.dimension && kept.labels.length === data.size) return kept;
  }
  const features = await extractAll(extractor, data, options);
  if (key !== undefined) await cache?.write(key, features);
  return features;
}

async function extractAll(extractor: FeatureExtractor, data: TaskData, options: ExtractionOptions): Promise<Features> {
  const { inputShape, dimension } = extractor;
  const values = new Float32Array(data.size * dimension);
  const labels = new Int32Array(data.size);
  let done = 0;
  for await (const batch of evaluationBatches(data, { ...options, inputShape })) {
    options.signal?.throwIfAborted();
    const rows = await extractor.extract(batch);
    if (rows.length !== batch.size * dimension) {
      throw new ShapeMismatchError('array that the feature extractor gives', [rows.length], [batch.size * dimension]);
    }
    values.set(rows, done * dimension);
    labels.set(batch.labels, done);
    done += batch.size;
    await options.onProgress?.(done);
  }
  return { values, labels, dimension };
}

/** Images whose prepared pixels are part of the key. */
const samples = 32;

/**
 * Stands for the extractor, all labels, and the data and its preparation by the prepared pixels of up to 32 images:
 * hashing all of them would mean to decode all of them.
 */
async function keyOf(extractor: FeatureExtractor, data: TaskData, options: ExtractionOptions): Promise<string> {
  const { inputShape } = extractor;
  const count = Math.min(samples, data.size);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * data.size) / count));
  const pixels: Float32Array[] = [];
  for await (const { images } of evaluationBatches(someOf(data, indices), { ...options, inputShape }))
    pixels.push(images);
  const labels = Int32Array.from({ length: data.size }, (_, index) => data.label(index));
  const about = JSON.stringify([data.name, data.size, data.classes]);
  return sha256('features/1', await extractor.identity(), about, labels, ...pixels);
}
