import { describe, expect, it, test } from 'vitest';
import { checkLayer } from './check-layer.js';
import type { TrainingLayer } from './layer.js';
import { trainingProducts } from './training-products.js';

const layer: TrainingLayer = {
  kernelShape: [3, 3, 2, 4],
  mask: new Array(72).fill(1),
  inputShape: [5, 6, 2],
  batch: 2,
};

describe('a layer', () => {
  it('has the output of TensorFlow for the paddings same and valid', () => {
    expect(checkLayer(layer).outputShape).toEqual([3, 4, 4]);
    expect(checkLayer({ ...layer, padding: 'same' }).outputShape).toEqual([5, 6, 4]);
    expect(checkLayer({ ...layer, padding: 'same', strides: [2, 2] }).outputShape).toEqual([3, 3, 4]);
    expect(checkLayer({ ...layer, padding: { top: 1, bottom: 0, left: 2, right: 1 } }).outputShape).toEqual([4, 7, 4]);
  });

  it('may have a mask of booleans', () => {
    const mask = Array.from({ length: 72 }, (_, i) => i === 5 || i === 70);
    expect([...checkLayer({ ...layer, mask }).indices]).toEqual([5, 70]);
  });

  const wrong: readonly (readonly [string, Partial<TrainingLayer> | Record<string, unknown>])[] = [
    ['a mask of another length', { mask: [1, 0] }],
    ['no mask', { mask: undefined }],
    ['a kernel of three axes', { kernelShape: [3, 3, 8] }],
    ['a kernel of no height', { kernelShape: [0, 3, 2, 4] }],
    ['other channels than its kernel', { inputShape: [5, 6, 3] }],
    ['groups that do not divide', { groups: 3 }],
    ['a stride of 0', { strides: [0, 1] }],
    ['fractional dilations', { dilations: [1, 1.5] }],
    ['a window larger than the image', { inputShape: [2, 6, 2] }],
    ['negative padding', { padding: { top: -1, bottom: 0, left: 0, right: 0 } }],
    ['unknown padding', { padding: 'full' }],
    ['a padding that is nothing', { padding: null }],
    ['an empty batch', { batch: 0 }],
    ['half an image', { batch: 1.5 }],
    ['more entries than fit', { batch: 2 ** 24 }],
  ];
  test.each(wrong)('with %s is refused with a code', async (_, part) => {
    const promise = trainingProducts({ ...layer, ...part } as TrainingLayer);
    await expect(promise).rejects.toMatchObject({ code: 'INVALID_TRAINING_LAYER' });
  });

  it('is refused if its batch does not fit into memory', async () => {
    const large: TrainingLayer = { kernelShape: [1, 1, 1, 1], mask: [1], inputShape: [4096, 4096, 1], batch: 16 };
    await expect(trainingProducts(large)).rejects.toMatchObject({ code: 'HEAP_FULL' });
  });

  it('is refused if an option is', async () => {
    await expect(trainingProducts(layer, { threads: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
