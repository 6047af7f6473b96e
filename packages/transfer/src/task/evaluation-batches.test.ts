import { type Batch, imageFilesOf, imagenetNormalization, resizeAndCrop, syntheticImages } from '@espalier/datasets';
import { expect, it } from 'vitest';
import { evaluationBatches, type Preparation } from './evaluation-batches.js';

const images = syntheticImages({ size: 5, shape: [14, 14, 3], classes: 2 });
const preparation: Preparation = { inputShape: [14, 14, 3], batchSize: 2, normalize: imagenetNormalization };
const all = async (batches: AsyncIterable<Batch> | Iterable<Batch>): Promise<Batch[]> => {
  const list: Batch[] = [];
  for await (const batch of batches) list.push(batch);
  return list;
};

it('takes images in memory that have the right size as they are', async () => {
  const [first] = await all(evaluationBatches(images, preparation));
  const raw = new Float32Array(14 * 14 * 3);
  images.copyImage(0, raw, 0);
  // The first value is red: (value − 0.485) / 0.229.
  expect(first!.images[0]).toBeCloseTo((raw[0]! - 0.485) / 0.229, 5);
});

it('gives every example once and in order, whatever its kind', async () => {
  for (const data of [images, imageFilesOf(images)]) {
    const batches = await all(evaluationBatches(data, preparation));
    expect(batches.map(({ size }) => size)).toEqual([2, 2, 1]);
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual([0, 1, 0, 1, 0]);
  }
});

it('resizes what has another size: the shorter side to 8/7, then the middle', async () => {
  const [upscaled] = await all(evaluationBatches(images, { ...preparation, inputShape: [28, 28, 3] }));
  const transform = resizeAndCrop({ resize: 32, size: 28 });
  const [expected] = await all(
    evaluationBatches(imageFilesOf(images), { ...preparation, inputShape: [28, 28, 3], transform }),
  );
  expect(upscaled!.images).toEqual(expected!.images);
  expect(upscaled!.shape).toEqual([28, 28, 3]);
});

it('refuses gray networks for images, and transforms of another size', () => {
  const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
  expect(() => evaluationBatches(images, { ...preparation, inputShape: [14, 14, 1] })).toThrow(mismatch);
  const transform = resizeAndCrop({ resize: 16, size: 15 });
  expect(() => evaluationBatches(images, { ...preparation, transform })).toThrow(mismatch);
});
