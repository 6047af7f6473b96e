import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { type Batch, type Batches, evaluate, train } from '@espalier/trainer';
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

const { dense } = layers;
const detector = (): LayersModel =>
  sequential({ layers: [layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same', inputShape: [4, 4, 1] })] });
const sequences = (): LayersModel =>
  sequential({ layers: [layers.timeDistributed({ layer: dense({ units: 3 }), inputShape: [5, 2] })] });
const values = (): LayersModel => sequential({ layers: [dense({ units: 1, inputShape: [2] })] });

function inputs(count: number, outputs: number): LayersModel {
  const ends = Array.from({ length: count }, () => input({ shape: [2] }));
  const sum = (count > 1 ? layers.add().apply(ends) : ends[0]) as SymbolicTensor;
  const given = Array.from({ length: outputs }, () => dense({ units: 2 }).apply(sum) as SymbolicTensor);
  return modelOf({ inputs: ends, outputs: given });
}

async function refuse(model: LayersModel, make: () => Batch, error: object): Promise<void> {
  function* some(): Generator<Batch> {
    yield make();
  }
  await expect(evaluate(model, some())).rejects.toMatchObject(error);
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  const run = train({ session, model, batches: make, steps: 2, evaluation: { every: 1, batches: some } });
  await expect(run).rejects.toMatchObject(error);
  expect(session.clock.step).toBe(0);
  session.dispose();
  disposeOptimizer(optimizer);
}

it.each<[string, () => LayersModel, () => Batch, object]>([
  ['a detector', detector, () => ({ xs: tf.zeros([2, 4, 4, 1]), ys: tf.zeros([2, 4, 4, 6]) }), { code: 'NO_ACCURACY' }],
  ['sequences', sequences, () => ({ xs: tf.zeros([2, 5, 2]), ys: tf.zeros([2, 5], 'int32') }), { code: 'NO_ACCURACY' }],
  ['values', values, () => ({ xs: tf.zeros([2, 2]), ys: tf.zeros([2, 1]) }), { code: 'NO_DEFAULT_LOSS' }],
  [
    'one tensor for two inputs',
    () => inputs(2, 1),
    () => ({ xs: tf.zeros([2, 2]), ys: tf.zeros([2]) }),
    { code: 'INVALID_BATCH' },
  ],
  [
    'two outputs without a metric',
    () => inputs(1, 2),
    () => ({ xs: tf.zeros([2, 2]), ys: tf.zeros([2]) }),
    { code: 'NO_ACCURACY' },
  ],
  [
    'too few labels',
    () => inputs(1, 1),
    () => ({ xs: tf.zeros([2, 2]), ys: tf.zeros([1]) }),
    { code: 'INVALID_BATCH' },
  ],
  [
    'labels of another rank',
    () => inputs(1, 1),
    () => ({ xs: tf.zeros([2, 2]), ys: tf.zeros([2, 2, 2]) }),
    { code: 'INVALID_BATCH' },
  ],
  ['no examples', () => inputs(1, 1), () => ({ xs: tf.zeros([0, 2]), ys: tf.zeros([0]) }), { code: 'INVALID_BATCH' }],
  ['no batch', () => inputs(1, 1), () => undefined as unknown as Batch, { code: 'INVALID_BATCH' }],
  ['arrays', () => inputs(1, 1), () => ({ xs: [[1, 2]], ys: [0] }) as unknown as Batch, { code: 'INVALID_BATCH' }],
])('%s: refused with a code by evaluate and train, before a step', async (_, model, batch, error) => {
  await refuse(model(), batch, error);
});

it.each([undefined, null, 5, 'batches', {}, []])('%j for a series of batches is refused', async batches => {
  const error = { code: 'INVALID_OPTION', option: 'batches' };
  await expect(evaluate(inputs(1, 1), batches as unknown as Batches)).rejects.toMatchObject(error);
});

it('a metric of the caller judges a detector', async () => {
  const batches = [{ xs: tf.zeros([2, 4, 4, 1]), ys: tf.zeros([2, 3, 5]) }];
  const options = { loss: () => tf.scalar(2), metric: () => tf.scalar(0.5) };
  expect(await evaluate(detector(), batches, options)).toEqual({ loss: 2, accuracy: 0.5, examples: 2 });
});
