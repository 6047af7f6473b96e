import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
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
import { afterwards, guardTensors } from '../../../testing/guard-tensors.js';
import { batchNormalizations, keepFrozenStatistics } from './keep-frozen-statistics.js';

guardTensors({ beforeEach, afterEach });

type Arguments = Parameters<typeof layers.batchNormalization>[0];

/** gamma 2, beta 1, moving mean 3, moving variance 4, epsilon 0. */
function made(options: Arguments = {}): LayersModel {
  const model = sequential({
    layers: [layers.batchNormalization({ inputShape: [1], momentum: 0.5, epsilon: 0, ...options })],
  });
  const values = [...(options?.scale === false ? [] : [2]), ...(options?.center === false ? [] : [1]), 3, 4];
  tf.tidy(() => model.setWeights(values.map(value => tf.tensor1d([value]))));
  return model;
}
const norm = (options?: Arguments): LayersModel => afterwards(made(options));

async function inTraining(
  model: LayersModel,
): Promise<{ outputs: number[]; gradient: number[]; statistics: number[] }> {
  const restore = keepFrozenStatistics(model);
  const x = tf.tensor2d([[1], [5]]);
  // The loss is 1 · y₀ + 0 · y₁.
  const pick = tf.tensor2d([[1], [0]]);
  const forward = (xs: tf.Tensor): tf.Tensor => model.apply(xs, { training: true }) as tf.Tensor;
  const outputs = tf.tidy(() => forward(x));
  const gradient = tf.tidy(() => tf.grad(xs => tf.sum(tf.mul(pick, forward(xs))))(x));
  restore();
  const read = [outputs, gradient, ...model.weights.slice(-2).map(weight => weight.read())];
  const [y, g, mean, variance] = (await Promise.all(read.map(one => one.data()))).map(values => [...values]);
  tf.dispose([x, pick, outputs, gradient]);
  return { outputs: y!, gradient: g!, statistics: [...mean!, ...variance!] };
}

// Inference mode: y = 2 (x - 3) / √4 + 1 = x - 2, so dy₀/dx = (1, 0).
const inference = { outputs: [-1, 3], gradient: [1, 0], statistics: [3, 4] };

function whole(): LayersModel {
  const model = norm();
  model.trainable = false;
  return model;
}
function nestedIn(freeze: (inner: LayersModel) => void): LayersModel {
  const inner = made();
  const x = input({ shape: [1] });
  const outer = modelOf({ inputs: x, outputs: inner.apply(x) as SymbolicTensor });
  freeze(inner);
  return afterwards(outer);
}

it.each<[string, () => LayersModel]>([
  ['from the start', () => norm({ trainable: false })],
  [
    'after it was built',
    () => {
      const model = norm();
      model.layers[0]!.trainable = false;
      return model;
    },
  ],
  ['with the whole model', whole],
  [
    'with the nested model that holds it',
    () =>
      nestedIn(inner => {
        inner.trainable = false;
      }),
  ],
  [
    'inside of a nested model',
    () =>
      nestedIn(inner => {
        inner.layers[0]!.trainable = false;
      }),
  ],
  [
    'with the model that its layers were taken from',
    () => {
      const base = norm();
      base.trainable = false;
      return modelOf({ inputs: base.inputs, outputs: base.outputs });
    },
  ],
])(
  'a layer that was frozen %s normalizes by its moving statistics, which stay, and has their gradient',
  async (_, make) => {
    expect(await inTraining(make())).toEqual(inference);
  },
);

it('a layer that is not frozen normalizes by the batch, and moves', async () => {
  const model = norm();
  const { outputs, gradient, statistics } = await inTraining(model);
  // Mean 3, variance 4: (1 - 3) / 2 · 2 + 1. The two outputs are ± 1 whatever the inputs are, so that no gradient is
  // left.
  expect(outputs).toEqual([-1, 3]);
  expect(gradient[0]).toBeCloseTo(0, 6);
  expect(statistics).toEqual([3, 4]);
  tf.tidy(() => void model.apply(tf.tensor2d([[7], [7]]), { training: true }));
  expect((await model.weights.at(-2)!.read().data())[0]).toBe(5); // 0.5 · 3 + 0.5 · 7
});

it.each([{ scale: false }, { center: false }, { scale: false, center: false }])(
  'a layer with %j trains, on which TensorFlow.js fails by itself',
  async options => {
    const { outputs } = await inTraining(norm(options));
    const [scale, center] = ['scale' in options ? 1 : 2, 'center' in options ? 0 : 1];
    expect(outputs).toEqual([-1 * scale + center, 1 * scale + center]);
  },
);

it('puts everything back', async () => {
  const model = norm({ trainable: false });
  keepFrozenStatistics(model)();
  tf.tidy(() => void model.apply(tf.tensor2d([[7], [7]]), { training: true }));
  expect((await model.weights.at(-2)!.read().data())[0]).toBe(5);
  expect(batchNormalizations(model).map(({ frozen }) => frozen)).toEqual([true]);
});

it('reaches time-distributed layers', () => {
  const norms = layers.batchNormalization({ trainable: false });
  const model = afterwards(sequential({ layers: [layers.timeDistributed({ layer: norms, inputShape: [2, 1] })] }));
  expect(batchNormalizations(model).map(({ frozen }) => frozen)).toEqual([true]);
});
