import '@tensorflow/tfjs-backend-cpu';
import { imageFilesOf, syntheticImages } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainingTransform } from './augmentation.js';
import { grayBatch, grayTransform } from './gray.js';
import { testBatchesOf, trainingBatchesOf } from './image-batches.js';
import { fitRuleOf, imageFitOf, withImageFit } from './image-fit.js';

beforeAll(() => tf.setBackend('cpu'));

const files = imageFilesOf(syntheticImages({ size: 10, shape: [8, 8, 3], classes: 3, seed: 1 }));
const fit = { size: 6, rule: 'squash', interpolation: 'bilinear' } as const;
const request = { batchSize: 4, seed: 2, normalize: { mean: [0.5, 0.5, 0.5], std: [1, 1, 1] }, steps: 6 };

describe('training batches of files', () => {
  it('are functions of the position, in order or not, and leave no tensor over', async () => {
    const before = tf.memory().numTensors;
    const made = () =>
      trainingBatchesOf(files, { transform: trainingTransform(fit, 'crop-flip'), channels: 3 }, request);
    const read = async (source: ReturnType<typeof made>, positions: readonly number[]) => {
      const found: string[] = [];
      for (const position of positions) {
        const { xs, ys } = (await source.batches(position)) as { xs: tf.Tensor; ys: tf.Tensor };
        found[position] = [...(await xs.data()), ...(await ys.data())].join();
        tf.dispose([xs, ys]);
      }
      await source.close();
      return found;
    };
    const ordered = await read(made(), [0, 1, 2, 3, 4, 5]);
    expect(new Set(ordered).size).toBe(6);
    expect(await read(made(), [3, 4, 0, 5, 1, 2])).toEqual(ordered);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of gray networks have one channel: 0.299 red + 0.587 green + 0.114 blue', async () => {
    // 0.299 · 100 + 0.587 · 50 + 0.114 · 200 = 29.9 + 29.35 + 22.8 = 82.05
    const transform = { size: 1, apply: () => ({ height: 1, width: 1, pixels: Uint8Array.of(100, 50, 200) }) };
    const random = { below: () => 0, uniform: () => 0 };
    const image = { height: 1, width: 1, pixels: new Uint8Array(3) };
    expect([...grayTransform(transform).apply(image, random).pixels]).toEqual([82, 82, 82]);
    const batch = { images: Float32Array.of(1, 1, 1, 2, 2, 2), labels: Int32Array.of(0, 1), size: 2, classes: 2 };
    expect(grayBatch({ ...batch, shape: [1, 1, 3] })).toEqual({
      ...batch,
      images: Float32Array.of(1, 2),
      shape: [1, 1, 1],
    });
    const stream = testBatchesOf(files, { transform, channels: 1 }, 10, { mean: [0.1], std: [0.5] });
    const { xs, ys } = (await stream.next()).value as { xs: tf.Tensor; ys: tf.Tensor };
    expect(xs.shape).toEqual([10, 1, 1, 1]);
    expect((await xs.data())[0]).toBeCloseTo((82 / 255 - 0.1) / 0.5, 6);
    tf.dispose([xs, ys]);
    await stream.return();
  });
});

describe('the fit of images', () => {
  it('is written as a rule, or crop:N', () => {
    expect([fitRuleOf('pad'), fitRuleOf('crop:73')]).toEqual([{ rule: 'pad' }, { rule: 'crop', resize: 73 }]);
    for (const wrong of ['stretch', 'crop:', 'crop:x', 'pad:7', 'crop:7:8', 'crop:-1']) {
      expect(() => fitRuleOf(wrong)).toThrow('--resize');
    }
  });

  it('comes out of metadata as it was put in, and hostile metadata is refused', () => {
    expect(imageFitOf(withImageFit({}, { ...fit, rule: 'crop', resize: 7 }))).toEqual({
      ...fit,
      rule: 'crop',
      resize: 7,
    });
    expect(imageFitOf({})).toBeUndefined();
    const hostile = [1, [], { ...fit, size: 1e9 }, { ...fit, rule: '__proto__' }, { ...fit, rule: 'crop', resize: 2 }];
    for (const images of hostile) expect(() => imageFitOf({ images: images as never })).toThrow();
  });
});
