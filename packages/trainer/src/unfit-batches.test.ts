import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rig } from '../test/rig.js';
import type { Batch } from './batch.js';
import { evaluate } from './evaluate.js';
import { train } from './train/train.js';

guardTensors({ beforeEach, afterEach });

const classifier = (): LayersModel => afterwards(sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }));
const xs = (examples = 2): tf.Tensor => tf.zeros([examples, 4]);
const ints = (...values: number[]): tf.Tensor => tf.tensor1d(values, 'int32');

it.each<[string, () => unknown, RegExp]>([
  ['a class that is too large', () => ({ xs: xs(), ys: ints(0, 3) }), /label 3 \(entry 1 of ys\).*0 to 2/],
  ['a negative class', () => ({ xs: xs(), ys: ints(-1, 0) }), /label -1/],
  ['half a class', () => ({ xs: xs(), ys: tf.tensor1d([0.5, 1]) }), /label 0.5/],
  ['NaN for a class', () => ({ xs: xs(), ys: tf.tensor1d([Number.NaN, 1]) }), /label NaN/],
  ['rows that are no distribution', () => ({ xs: xs(1), ys: tf.tensor2d([[3, 1, 2]]) }), /label 3.*fraction/],
  ['rows that do not sum up to 1', () => ({ xs: xs(1), ys: tf.tensor2d([[0.1, 0.1, 0.1]]) }), /sums up to 0.3/],
  ['rows of other classes', () => ({ xs: xs(), ys: tf.zeros([2, 4]) }), /ys has shape \[2, 4\].*\[2\] or \[2, 3\]/],
  ['more labels than examples', () => ({ xs: xs(), ys: ints(0, 1, 2) }), /2 examples, but ys has shape \[3\]/],
  ['a scalar for labels', () => ({ xs: xs(), ys: tf.scalar(0) }), /ys has shape \[\]/],
  ['no example', () => ({ xs: tf.zeros([0, 4]), ys: tf.zeros([0], 'int32') }), /no example/],
  [
    'inputs of another size',
    () => ({ xs: tf.zeros([2, 5]), ys: ints(0, 1) }),
    /\[2, 5\], but the model takes \[any, 4\]/,
  ],
  ['inputs of another rank', () => ({ xs: tf.zeros([2, 4, 1]), ys: ints(0, 1) }), /\[2, 4, 1\]/],
  ['texts', () => ({ xs: xs(), ys: tf.tensor1d(['a', 'b']) }), /type string/],
  ['arrays', () => ({ xs: xs(), ys: [0, 1] }), /ys is an array, not a tensor/],
  ['nothing', () => undefined, /it is undefined/],
  ['no labels', () => ({ xs: xs() }), /ys is undefined/],
])('refuses %s in evaluate and train, before a step, and frees the batch', async (_, make, message) => {
  const error = { code: 'INVALID_BATCH', message: expect.stringMatching(message) };
  await expect(evaluate(classifier(), [make() as Batch])).rejects.toMatchObject(error);
  const { session } = await rig(fixed());
  const model = classifier();
  const run = train({ session, model, batches: () => make() as Batch, steps: 2 });
  await expect(run).rejects.toMatchObject(error);
  expect(session.clock.step).toBe(0);
});

it('takes class indices as whole numbers of any type and as a column, and rows with fractions', async () => {
  const forms = [
    ints(0, 1),
    tf.tensor1d([0, 1]),
    tf.tensor2d([[0], [1]]),
    tf.tensor2d([
      [1, 0, 0],
      [0, 0.5, 0.5],
    ]),
  ];
  for (const ys of forms) expect((await evaluate(classifier(), [{ xs: xs(), ys }])).loss).toBeCloseTo(Math.log(3), 5);
});

it('refuses what is no model', async () => {
  for (const model of [null, {}, 'model'] as unknown as LayersModel[]) {
    await expect(evaluate(model, [])).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'model' });
  }
});

it('judges by a metric what accuracy cannot be told of, and refuses a metric that is no fraction', async () => {
  const steps = afterwards(
    sequential({ layers: [layers.timeDistributed({ layer: layers.dense({ units: 2 }), inputShape: [3, 4] })] }),
  );
  const batch = (): Batch => ({ xs: tf.zeros([2, 3, 4]), ys: tf.zeros([2, 3], 'int32') });
  function* some(): Generator<Batch> {
    yield batch();
  }
  await expect(evaluate(steps, some())).rejects.toMatchObject({ code: 'NO_ACCURACY' });
  const metric = (outputs: tf.Tensor): tf.Scalar => tf.scalar(outputs.rank === 3 ? 0.25 : 1);
  const { accuracy, loss, examples } = await evaluate(steps, [batch()], { metric });
  expect({ accuracy, examples }).toEqual({ accuracy: 0.25, examples: 2 });
  expect(loss).toBeCloseTo(Math.log(2), 6);
  const wrong = evaluate(steps, [batch()], { metric: () => tf.scalar(7) });
  await expect(wrong).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'metric' });
});
