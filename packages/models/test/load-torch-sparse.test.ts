import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadTorchWeights, type TorchTensor } from '../src/index.js';
import { four, modelOf, weightsOf } from './layers-model.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

it.each([
  [['a.weight', 'a.mask']],
  [['a.weight', 'a.weight.mask']],
  [['a.weight', 'a.weight_mask']],
  [['a.weight_orig', 'a.weight_mask']],
  [['a._layer.weight', 'a._weight_mask']],
  [['a._layer._layer.weight', 'a._layer._weight_mask', 'a._weight_mask']],
])('masked entries of %j become 0, and the mask is reported', async names => {
  const model = four();
  const shape = [4, 1, 1, 1];
  const masks = [
    [1, 0, 1, 0],
    [0, 0, 1, 1],
  ];
  const [weight, ...stored] = names;
  const checkpoint = new Map<string, TorchTensor>([
    [weight!, { shape, values: Float32Array.of(1, Number.NaN, -3, 4) }],
    ...stored.map((name, i) => [name, { shape, values: masks[i]! }] as const),
  ]);
  const { masks: reported } = loadTorchWeights(model, checkpoint);
  const expected = stored.length === 2 ? [0, 0, 1, 0] : masks[0]!;
  expect(reported).toEqual(new Map([['a/kernel', Uint8Array.from(expected)]]));
  expect(await weightsOf(model)).toEqual([['a/kernel', [expected[0], 0, -3, 0]]]);
  model.dispose();
});

it('masks of a bias apply to the bias, and masks are transposed like their weights', async () => {
  const model = modelOf([2], layers.layers.dense({ name: 'a', units: 2 }));
  const { masks } = loadTorchWeights(
    model,
    new Map([
      ['a._layer.weight', { shape: [2, 2], values: [1, 2, 3, 4] }],
      ['a._weight_mask', { shape: [2, 2], values: [1, 1, 0, 1] }],
      ['a._layer.bias', { shape: [2], values: [5, 6] }],
      ['a._bias_mask', { shape: [2], values: [0, 1] }],
    ]),
  );
  expect(Object.fromEntries(masks)).toEqual({ 'a/kernel': Uint8Array.of(1, 0, 1, 1), 'a/bias': Uint8Array.of(0, 1) });
  expect(await weightsOf(model)).toEqual([
    ['a/kernel', [1, 0, 2, 4]],
    ['a/bias', [0, 6]],
  ]);
  model.dispose();
});

it("STR's threshold is baked: sign(w) · relu(|w| − sigmoid(s))", async () => {
  const model = four();
  const s = Math.log(3); // sigmoid(ln 3) = 3 / 4
  loadTorchWeights(
    model,
    new Map([
      ['a.weight', { shape: [4, 1, 1, 1], values: [1, -0.875, 0.75, -0.5] }],
      ['a.sparseThreshold', { shape: [1, 1], values: [s] }],
    ]),
  );
  expect(await weightsOf(model)).toEqual([['a/kernel', [0.25, -0.125, 0, 0]]]);
  model.dispose();
});

it("STR's first threshold, −3200, leaves every weight as it is", async () => {
  const model = four();
  const values = [1e-30, -2, 3, 0];
  loadTorchWeights(
    model,
    new Map([
      ['a.weight', { shape: [4, 1, 1, 1], values }],
      ['a.sparseThreshold', { shape: [1, 1], values: [-3200] }],
    ]),
  );
  expect((await weightsOf(model))[0]![1]).toEqual([...Float32Array.from(values)]);
  model.dispose();
});
