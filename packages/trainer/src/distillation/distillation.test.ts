import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { afterwards, guardTensors } from '@espalier/core/testing';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batches, gradual, rig } from '../../test/rig.js';
import type { Loss } from '../loss.js';
import { meanSquaredError } from '../losses/mean-squared-error.js';
import { train } from '../train/train.js';
import type { TrainOptions } from '../train/train-options.js';
import type { DistillationOptions } from './distillation-options.js';

guardTensors({ beforeEach, afterEach });

/** A loss by which everything is right. */
const zero: Loss = outputs => tf.mul(tf.mean(outputs), 0) as tf.Scalar;

interface Shape {
  readonly seed?: number;
  readonly activation?: 'softmax' | 'sigmoid' | 'relu';
  readonly units?: number;
  readonly hidden?: number;
  readonly inputs?: number;
}

/** A network of a hidden layer and an output; without a seed all its weights are zeros. */
function network({ seed, activation, units = 2, hidden = 6, inputs = 4 }: Shape = {}): LayersModel {
  const start = (of: number): object => ({
    kernelInitializer: seed === undefined ? 'zeros' : initializers.glorotNormal({ seed: seed + of }),
  });
  const model = sequential({
    layers: [
      layers.dense({ name: 'hidden', units: hidden, inputShape: [inputs], activation: 'tanh', ...start(0) }),
      layers.dense({ name: 'output', units, ...(activation ? { activation } : {}), ...start(100) }),
    ],
  });
  return afterwards(model);
}

/** Trains a network by the labels of two clusters and a teacher; gives its losses. */
async function taught(
  model: LayersModel,
  distillation: DistillationOptions,
  more: Partial<TrainOptions<null>> = {},
): Promise<number[]> {
  const optimizer = tf.train.sgd(0.1);
  afterwards({ dispose: () => disposeOptimizer(optimizer) });
  const session = afterwards(await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer, seed: 5 }));
  const losses: number[] = [];
  const onEvent: TrainOptions<null>['onEvent'] = event => void (event.type === 'step' && losses.push(event.loss));
  await train({ session, model, batches, steps: 1, distillation, onEvent, ...more });
  return losses;
}

/** Probabilities of the classes of a network that ends in logits. */
const predictions = (model: LayersModel): Float32Array =>
  tf.tidy(() => tf.softmax(model.predict(batches(50).xs) as tf.Tensor).dataSync() as Float32Array);

/** Sum of squared differences. */
const distance = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0);

it('weighs labels, predictions and features', async () => {
  const teacher = network({ seed: 3 });
  const options = { teacher, temperature: 3 };
  const labels = await taught(network(), { ...options, weight: 0 });
  const said = await taught(network(), { ...options, weight: 1 });
  const features = { layers: ['hidden'] };
  const all = await taught(network(), { ...options, weight: 0.25, features: { ...features, weight: 2 } });
  // Zeros know nothing: ln 2 by the labels, and features are as far from the teacher's as these are from zero, 1.
  expect(labels[0]).toBeCloseTo(Math.log(2), 5);
  expect(all[0]).toBeCloseTo(0.75 * (labels[0] as number) + 0.25 * (said[0] as number) + 2, 5);
  const half = await taught(network(), { teacher, weight: 0.5, temperature: 2 });
  expect(await taught(network(), { teacher })).toEqual(half);
});

it('is at its end where the student is the teacher, whose weights stay', async () => {
  const teacher = network({ seed: 3 });
  const before = predictions(teacher);
  const features = { layers: ['hidden', 'hidden'] };
  for (const loss of await taught(network({ seed: 3 }), { teacher, weight: 1, features }, { steps: 3 })) {
    expect(loss).toBeCloseTo(0, 6);
  }
  expect(await taught(network({ seed: 9 }), { teacher, features }, { steps: 3 })).toHaveLength(3);
  expect(predictions(teacher)).toEqual(before);
});

it('learns to say what the teacher says, from labels that say the opposite', async () => {
  const teacher = network({ seed: 3 });
  const student = network({ seed: 4 });
  const said = predictions(teacher);
  const before = distance(predictions(student), said);
  const wrong = (position: number): ReturnType<typeof batches> =>
    tf.tidy(() => {
      const { xs } = batches(position);
      return { xs, ys: tf.cast(tf.sub(1, tf.argMax(teacher.predict(xs) as tf.Tensor, 1)), 'int32') };
    });
  const options = { teacher, weight: 1, features: { layers: ['hidden'] } };
  const losses = await taught(student, options, { batches: wrong, steps: 400 });
  expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 20);
  expect(distance(predictions(student), said)).toBeLessThan(before / 10);
});

it.each(['softmax', 'sigmoid'] as const)(
  'takes what a %s is made of, and gives the loss its outputs',
  async activation => {
    const units = activation === 'softmax' ? 2 : 1;
    const ends = { units };
    const teacher = network({ seed: 3, ...ends, activation });
    const logits = network({ seed: 4, ...ends });
    const bounded = network({ seed: 4, ...ends, activation });
    const ready: Loss = meanSquaredError();
    const rows = (position: number): ReturnType<typeof batches> =>
      tf.tidy(() => {
        const { xs, ys } = batches(position);
        return {
          xs,
          ys: units === 1 ? tf.cast(ys, 'float32') : tf.cast(tf.oneHot(tf.cast(ys, 'int32'), 2), 'float32'),
        };
      });
    const bend = activation === 'softmax' ? tf.softmax : tf.sigmoid;
    const own: Loss = (values, labels) => ready(bend(values as tf.Tensor), labels);
    const options = { batches: rows, steps: 4 };
    const direct = await taught(bounded, { teacher }, { ...options, loss: ready });
    const through = await taught(logits, { teacher }, { ...options, loss: Object.assign(own, { activation }) });
    for (const [i, loss] of direct.entries()) expect(loss).toBeCloseTo(through[i] as number, 5);
  },
);

it('teaches features of a network whose output is no distribution', async () => {
  const [teacher, student] = [network({ seed: 3, units: 3 }), network({ units: 1, activation: 'relu' })];
  const more = { loss: meanSquaredError(), steps: 2 };
  const losses = await taught(student, { teacher, weight: 0, features: { layers: ['hidden'] } }, more);
  expect(losses).toHaveLength(2);
  const values = { teacher: network({ seed: 5, units: 1 }), weight: 0, features: { layers: ['output'] } };
  const [first = 0] = await taught(network({ units: 1 }), values, { loss: zero });
  expect(first).toBeCloseTo(1, 5); // zeros are as far from any values as these are from zero
});

it('teaches features of layers inside a nested model, and of the nested model itself', async () => {
  const nested = (seed: number): LayersModel => {
    const inner = sequential({
      name: 'body',
      layers: [
        layers.dense({
          name: 'inside',
          units: 6,
          inputShape: [4],
          activation: 'tanh',
          kernelInitializer: initializers.glorotNormal({ seed }),
        }),
        layers.dense({ name: 'end', units: 3, kernelInitializer: initializers.glorotNormal({ seed: seed + 1 }) }),
      ],
    });
    const head = layers.dense({ name: 'head', units: 2, kernelInitializer: 'zeros' });
    return afterwards(sequential({ layers: [inner, head] }));
  };
  const teacher = nested(3);
  for (const names of [['inside'], ['body'], ['body', 'end', 'inside']]) {
    const features = { layers: names };
    const [same] = await taught(nested(3), { teacher, weight: 0, features }, { loss: zero });
    expect(same).toBeCloseTo(0, 8);
    const losses = await taught(nested(8), { teacher, weight: 0, features }, { loss: zero, steps: 100 });
    expect(losses[0]).toBeGreaterThan(0.2);
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 2);
  }
});

it('goes on from a checkpoint as if it had not stopped', async () => {
  const { model: teacher, session } = await rig(fixed());
  session.dispose();
  const distillation = { teacher, features: { layers: ['norm'] } };
  const whole = await rig(gradual());
  await train({ ...whole, batches, steps: 10, distillation });
  const first = await rig(gradual());
  const stop = new AbortController();
  await train({
    ...first,
    batches,
    steps: 10,
    distillation,
    signal: stop.signal,
    onEvent: ({ clock }) => void (clock.step === 5 && stop.abort()),
  });
  expect(first.session.clock.step).toBe(5);
  const half = await first.session.checkpoint({ model: first.model });
  const second = await rig(gradual(), half);
  await train({ ...second, batches, steps: 10, distillation });
  expect(second.model.getWeights().map(weight => [...weight.dataSync()])).toEqual(
    whole.model.getWeights().map(weight => [...weight.dataSync()]),
  );
});

describe('refuses', () => {
  it.each<[name: string, Shape, Omit<DistillationOptions, 'teacher'>, RegExp]>([
    [
      'a teacher of other inputs',
      { inputs: 5 },
      {},
      /"?distillation\.teacher.*inputs of \[any, 5\].*one with \[any, 4\]/,
    ],
    ['a teacher of other outputs', { units: 3 }, {}, /outputs of \[any, 3\].*one with \[any, 2\]/],
    ['a teacher of another kind', { activation: 'sigmoid' }, {}, /teacher that ends in .*sigmoid.*features alone/],
    ['layers that are not there', {}, { features: { layers: ['hiden'] } }, /did you mean "hidden"/],
    [
      'layers of other shapes',
      { hidden: 5 },
      { features: { layers: ['hidden'] } },
      /\[any, 6\] in the model and \[any, 5\]/,
    ],
    ['no layers', {}, { features: { layers: [] } }, /names of one layer or more/],
    ['a weight above 1', {}, { weight: 1.5 }, /distillation\.weight/],
    ['a temperature of 0', {}, { temperature: 0 }, /distillation\.temperature/],
    ['an option of another name', {}, { hardness: 0.5 } as object, /hardness/],
  ])('%s', async (_, shape, options, message) => {
    const teacher = network({ seed: 1, ...shape });
    await expect(taught(network({ seed: 2 }), { teacher, ...options })).rejects.toThrow(message);
  });

  it('logits under a loss that says nothing of classes', async () => {
    const [teacher, model] = [network({ seed: 1 }), network({ seed: 2 })];
    const loss: Loss = (outputs, labels) => tf.mean(tf.sub(tf.mean(outputs, 1), labels)) as tf.Scalar;
    await expect(taught(model, { teacher }, { loss })).rejects.toThrow(/under a loss that is no cross-entropy/);
  });
});
