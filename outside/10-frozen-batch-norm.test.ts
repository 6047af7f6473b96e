import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { type Batch, recalibrateBatchNorm, train } from '@espalier/trainer';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';

const base = (trainable = true, epsilon = 0): LayersModel =>
  sequential({
    layers: [
      layers.dense({ name: 'hidden', units: 2, useBias: false, kernelInitializer: 'identity', inputShape: [2] }),
      layers.batchNormalization({ name: 'norm', epsilon, trainable }),
    ],
  });

function withHead(inner: LayersModel): LayersModel {
  const x = input({ shape: [2] });
  const head = layers.dense({ name: 'head', units: 2, kernelInitializer: 'identity', useBias: false });
  return modelOf({ inputs: x, outputs: head.apply(inner.apply(x)) as SymbolicTensor });
}

const batch = (): Batch => ({ xs: tf.tensor2d([1, 0, 3, 0], [2, 2]), ys: tf.tensor1d([0, 0], 'int32') });
const read = async (model: LayersModel, layer: string): Promise<number[]> => {
  const found = modelWeights(model).filter(({ name }) => name.startsWith(`${layer}/`));
  return (await Promise.all(found.map(({ variable }) => variable.data()))).flatMap(values => [...values]);
};

/** One step of SGD at rate 1. */
async function step(model: LayersModel): Promise<number> {
  const optimizer = tf.train.sgd(1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const { loss = Number.NaN } = await train({ session, model, batches: batch, steps: 1 });
  session.dispose();
  disposeOptimizer(optimizer);
  return loss;
}

const frozen: [string, () => LayersModel][] = [
  ['when it was made', () => withHead(base(false))],
  [
    'in a nested model that was built',
    () => {
      const inner = base();
      const outer = withHead(inner);
      for (const layer of inner.layers) if (layer.name === 'norm') layer.trainable = false;
      return outer;
    },
  ],
];

it.each(frozen)('a normalization that was frozen %s trains in inference mode', async (_, make) => {
  const model = make();
  // The statistics are 0 and 1: what comes in are the logits, (1, 0) and (3, 0).
  const loss = await step(model);
  expect(loss).toBeCloseTo((Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(-3))) / 2, 6);
  expect(await read(model, 'norm')).toEqual([1, 1, 0, 0, 0, 0, 1, 1]); // gamma, beta, mean, variance
  // Its gradient is the identity: dL/dW = (Σ x (p - 1)) / 2 for the first unit, with the opposite sign for the second.
  const [p, q] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(-3))];
  const gradient = (1 * (p - 1) + 3 * (q - 1)) / 2;
  const kernel = await read(model, 'hidden');
  for (const [i, value] of [1 - gradient, gradient, 0, 1].entries()) expect(kernel[i]).toBeCloseTo(value, 5);
});

it('a nested model that is frozen as a whole keeps all its values, and the head trains', async () => {
  const inner = base();
  const model = withHead(inner);
  inner.trainable = false;
  await step(model);
  expect(await read(model, 'norm')).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
  expect(await read(model, 'hidden')).toEqual([1, 0, 0, 1]);
  expect(await read(model, 'head')).not.toEqual([1, 0, 0, 1]);
});

it('one that is not frozen moves', async () => {
  const model = withHead(base(true, 1e-3));
  await step(model);
  expect((await read(model, 'norm'))[4]).toBeCloseTo(0.02, 6); // 0.99 · 0 + 0.01 · 2
});

it('recalibration keeps frozen statistics, and recomputes them when told to', async () => {
  const model = sequential({
    layers: [
      layers.batchNormalization({ name: 'norm', inputShape: [2], trainable: false }),
      layers.batchNormalization({ name: 'other' }),
    ],
  });
  await recalibrateBatchNorm(model, [batch()]);
  expect((await read(model, 'norm')).slice(4)).toEqual([0, 0, 1, 1]);
  expect((await read(model, 'other'))[4]).toBeCloseTo(2, 2);
  await recalibrateBatchNorm(model, [batch()], { frozen: 'recompute' });
  expect((await read(model, 'norm')).slice(4)).toEqual([2, 0, 1, 0]);
});

it('recalibration says so where nothing could be recomputed', async () => {
  const some = [batch()];
  const run = recalibrateBatchNorm(
    sequential({ layers: [layers.batchNormalization({ inputShape: [2], trainable: false })] }),
    some,
  );
  await expect(run).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'frozen' });
});

it.each(frozen)('so it does in fit with the callback of a session, when it was frozen %s', async (_, make) => {
  const model = make();
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(1) });
  model.compile({ optimizer: session.optimizer, loss: (ys, logits) => tf.losses.softmaxCrossEntropy(ys, logits) });
  const [xs, ys] = [tf.tensor2d([[1, 0], [3, 0]]), tf.tensor2d([[1, 0], [1, 0]])]; // biome-ignore format: one line
  await model.fit(xs, ys, { epochs: 1, batchSize: 2, callbacks: session.callback, verbose: 0 });
  expect(await read(model, 'norm')).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
  const gradient = (1 / (1 + Math.exp(-1)) - 1 + 3 * (1 / (1 + Math.exp(-3)) - 1)) / 2;
  expect((await read(model, 'hidden'))[0]).toBeCloseTo(1 - gradient, 5);
  session.dispose();
});
