import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { type Batch, evaluate, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

/** Logits 4 x and −x for two classes, and what is put on them. */
function net(...end: Layer[]): LayersModel {
  const model = sequential({ layers: [layers.dense({ units: 2, useBias: false, inputShape: [1] }), ...end] });
  model.layers[0]?.setWeights([tf.tensor2d([[4, -1]])]);
  return model;
}

function* one(xs: number[], ys: tf.Tensor): Generator<Batch> {
  yield { xs: tf.tensor2d(xs, [xs.length, 1]), ys };
}

const softmax = (): Layer => layers.activation({ activation: 'softmax' });
const nested = (): Layer =>
  sequential({
    layers: [
      layers.dense({ units: 2, useBias: false, inputShape: [2], kernelInitializer: 'identity', activation: 'softmax' }),
    ],
  });

it.each<[string, () => LayersModel]>([
  ['logits', () => net()],
  ['softmax', () => net(softmax())],
  ['a Softmax layer', () => net(layers.softmax())],
  [
    'softmax behind Reshape, Flatten and Dropout',
    () => net(softmax(), layers.reshape({ targetShape: [1, 2] }), layers.flatten(), layers.dropout({ rate: 0.3 })),
  ],
  ['softmax in a nested model', () => net(nested())],
])('the default loss of a model that gives %s is -ln of the true probability', async (_, make) => {
  // The gap is 5: -ln σ(5) for the first, 5 - ln σ(5) for the second.
  const { loss, accuracy } = await evaluate(make(), one([1, 1], tf.tensor1d([0, 1], 'int32')));
  expect(loss).toBeCloseTo(2.5 + Math.log(1 + Math.exp(-5)), 5);
  expect(accuracy).toBe(0.5);
});

it('is binary for a single sigmoid', async () => {
  const model = sequential({
    layers: [
      layers.dense({ units: 1, activation: 'sigmoid', useBias: false, kernelInitializer: 'ones', inputShape: [1] }),
    ],
  });
  const { loss, accuracy } = await evaluate(model, one([3, -3], tf.tensor1d([1, 1], 'int32')));
  expect(loss).toBeCloseTo(1.5 + Math.log(1 + Math.exp(-3)), 5);
  expect(accuracy).toBe(0.5);
});

it.each(['tanh', 'relu', 'sigmoid'] as const)(
  'does not exist for two units with %s, in train and evaluate',
  async activation => {
    const model = net(layers.activation({ activation }));
    const error = { code: 'NO_DEFAULT_LOSS', message: expect.stringContaining('loss') };
    await expect(evaluate(model, one([1], tf.tensor1d([0], 'int32')))).rejects.toMatchObject(error);
    const optimizer = tf.train.sgd(0.1);
    const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
    const batches = (): Batch => ({ xs: tf.ones([1, 1]), ys: tf.zeros([1], 'int32') });
    await expect(train({ session, model, batches, steps: 1 })).rejects.toMatchObject(error);
    expect(session.clock.step).toBe(0);
    session.dispose();
    disposeOptimizer(optimizer);
  },
);

it.each<[string, () => tf.Tensor]>([
  ['a class that does not exist', () => tf.tensor1d([2], 'int32')],
  ['a negative class', () => tf.tensor1d([-1], 'int32')],
  ['a fraction of a class', () => tf.tensor1d([0.5])],
  ['a row that is no distribution', () => tf.tensor2d([[2, 3]])],
])('%s is refused in place of a loss of 0', async (_, labels) => {
  await expect(evaluate(net(), one([1], labels()))).rejects.toMatchObject({ code: 'INVALID_BATCH' });
});

it('takes soft labels, one-hot rows and a column of indices', async () => {
  const tail = Math.log(1 + Math.exp(-5));
  const lossOf = async (labels: tf.Tensor): Promise<number> => (await evaluate(net(softmax()), one([1], labels))).loss;
  expect(await lossOf(tf.tensor2d([[1, 0]]))).toBeCloseTo(tail, 5);
  expect(await lossOf(tf.tensor2d([[0.75, 0.25]]))).toBeCloseTo(0.25 * 5 + tail, 5);
  expect(await lossOf(tf.tensor2d([[1]], [1, 1], 'int32'))).toBeCloseTo(5 + tail, 5);
});
