import { afterwards, guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { evaluate } from './evaluate.js';
import { type Loss, sigmoidCrossEntropy, softmaxCrossEntropy } from './loss.js';
import { train } from './train/train.js';

guardTensors({ beforeEach, afterEach });

const { activation, dense, flatten, reshape, softmax, timeDistributed } = layers;
type Layer = Parameters<ReturnType<typeof sequential>['add']>[0];

/** Gives ln 1 and ln 3 times what comes in, and puts something on it. */
function net(...end: Layer[]): LayersModel {
  const model = afterwards(
    sequential({ layers: [dense({ name: 'two', units: 2, useBias: false, inputShape: [1] }), ...end] }),
  );
  tf.tidy(() => model.layers[0]!.setWeights([tf.tensor2d([[0, Math.log(3)]])]));
  return model;
}
const batch = (labels: number[] = [1, 0]): Batch => ({
  xs: tf.tensor2d(labels.map(() => [1])),
  ys: tf.tensor1d(labels, 'int32'),
});

/** Made when it is asked for. */
function* batches(): Generator<Batch> {
  yield batch();
}

// Probabilities 1/4 and 3/4; classes 1 and 0: (-ln 3/4 - ln 1/4) / 2.
const expected = (Math.log(4 / 3) + Math.log(4)) / 2;

it.each<[string, () => LayersModel]>([
  ['logits', () => net()],
  ['a softmax layer', () => net(softmax())],
  ['an activation layer', () => net(activation({ activation: 'softmax' }))],
  ['softmax that is reshaped and flattened', () => net(softmax(), reshape({ targetShape: [1, 2] }), flatten())],
  ['log-softmax', () => net(activation({ activation: 'logSoftmax' as 'softmax' }))],
])('evaluates a model that gives %s at the loss of its probabilities', async (_, make) => {
  const { loss, accuracy } = await evaluate(make(), [batch()]);
  expect(loss).toBeCloseTo(expected, 6);
  expect(accuracy).toBe(0.5);
});

it('clips probabilities whose logits it cannot get at, and only those next to 0', async () => {
  const x = input({ shape: [2] });
  const parts = [softmax(), softmax()].map(layer => layer.apply(x) as SymbolicTensor);
  const model = modelOf({ inputs: x, outputs: layers.average().apply(parts) as SymbolicTensor });
  const of = (gap: number): Promise<{ loss: number }> =>
    evaluate(model, [{ xs: tf.tensor2d([[0, gap]]), ys: tf.tensor1d([0], 'int32') }]);
  expect((await of(1)).loss).toBeCloseTo(Math.log(1 + Math.E), 5);
  expect((await of(60)).loss).toBeCloseTo(60, 4);
  expect((await of(1000)).loss).toBeCloseTo(-Math.log(1.2e-38), 3);
});

it('takes the loss and its gradient before the softmax, where probabilities are 0', async () => {
  const model = net(softmax());
  // Logits 0 and 110 · ln 3 = 120.8 for class 0; the true probability is 3e-53.
  const { loss } = await evaluate(model, [{ xs: tf.tensor2d([[110]]), ys: tf.tensor1d([0], 'int32') }]);
  expect(loss).toBeCloseTo(110 * Math.log(3), 3);
});

it('gives a single sigmoid the binary cross-entropy, also where the sigmoid is 1', async () => {
  const model = afterwards(
    sequential({ layers: [dense({ units: 1, activation: 'sigmoid', kernelInitializer: 'ones', inputShape: [1] })] }),
  );
  const of = (x: number, ys: tf.Tensor): ReturnType<typeof evaluate> =>
    evaluate(model, [{ xs: tf.tensor2d([[x]]), ys }]);
  // -ln σ(2) and -ln(1 - σ(2)) = 2 - ln σ(2).
  const low = Math.log(1 + Math.exp(-2));
  expect((await of(2, tf.tensor1d([1]))).loss).toBeCloseTo(low, 6);
  const wrong = await of(2, tf.tensor2d([[0]]));
  expect(wrong.loss).toBeCloseTo(2 + low, 6);
  expect(wrong.accuracy).toBe(0);
  expect((await of(-1, tf.tensor1d([0], 'int32'))).accuracy).toBe(1);
  expect((await of(40, tf.tensor1d([0]))).loss).toBeCloseTo(40, 5);
  // A fraction: -0.25 ln σ(0) - 0.75 ln σ(0).
  expect((await of(0, tf.tensor1d([0.25]))).loss).toBeCloseTo(Math.log(2), 6);
});

it('gives a loss of your own what the model gives, and label smoothing the logits', async () => {
  const seen: number[] = [];
  const own: Loss = outputs =>
    tf.tidy(() => {
      seen.push(...outputs.dataSync());
      return tf.scalar(0.5);
    });
  expect((await evaluate(net(softmax()), [batch([1])], own)).loss).toBe(0.5);
  expect(seen[1]).toBeCloseTo(0.75, 6);
  // ε = 0.2: -0.9 ln 3/4 - 0.1 ln 1/4.
  const { loss } = await evaluate(net(softmax()), [batch([1])], { loss: softmaxCrossEntropy({ labelSmoothing: 0.2 }) });
  expect(loss).toBeCloseTo(-0.9 * Math.log(0.75) - 0.1 * Math.log(0.25), 6);
});

it.each<[string, () => LayersModel, object]>([
  ['tanh', () => net(activation({ activation: 'tanh' })), { code: 'NO_DEFAULT_LOSS' }],
  ['two sigmoids', () => net(activation({ activation: 'sigmoid' })), { code: 'NO_DEFAULT_LOSS' }],
  ['one linear unit', () => net(dense({ units: 1 })), { code: 'NO_DEFAULT_LOSS' }],
  ['a softmax of one unit', () => net(dense({ units: 1, activation: 'softmax' })), { code: 'NO_DEFAULT_LOSS' }],
  [
    'sequences',
    () => afterwards(sequential({ layers: [timeDistributed({ layer: dense({ units: 2 }), inputShape: [3, 1] })] })),
    { code: 'NO_ACCURACY' },
  ],
])('refuses to evaluate %s without a word about how', async (_, make, error) => {
  await expect(evaluate(make(), batches())).rejects.toMatchObject(error);
});

it('refuses a cross-entropy that contradicts the activation', async () => {
  const run = evaluate(net(softmax()), batches(), sigmoidCrossEntropy());
  await expect(run).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'loss' });
});

it('trains softmax and logits to the same weights, and leaves the activation in place', async () => {
  const trained = async (end: Layer[]): Promise<number[]> => {
    const model = net(...end);
    const optimizer = tf.train.sgd(0.5);
    const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
    await train({ session, model, batches: () => batch([0, 0, 1]), steps: 5 });
    session.dispose();
    disposeOptimizer(optimizer);
    const sum = tf.tidy(() => tf.sum(model.predict(tf.ones([1, 1])) as tf.Tensor).dataSync()[0]);
    if (end.length > 0) expect(sum).toBeCloseTo(1, 6);
    return [...(await model.weights[0]!.read().data())];
  };
  const [logits, soft] = [await trained([]), await trained([softmax()])];
  expect(soft).toEqual(logits);
  expect(logits[1]).toBeLessThan(Math.log(3));
});
