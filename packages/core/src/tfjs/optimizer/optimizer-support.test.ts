import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnsupportedOptimizerError } from '../../errors/session-errors.js';
import { fixed } from '../../method/fixed.js';
import { supportedOptimizers } from '../../testing/contract/supported-optimizers.js';
import { guardTensors } from '../../testing/guard-tensors.js';
import { maskOf } from '../../testing/mask-of.js';
import { type ToyModel, toyModel } from '../../testing/toy-model.js';
import { PruningSession } from '../session/session.js';
import { disposeOptimizer } from './dispose-optimizer.js';

let model: ToyModel;
beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });
beforeEach(() => {
  model = toyModel();
});
afterEach(() => {
  model.dispose();
});

async function refusal(optimizer: tf.Optimizer): Promise<string> {
  const error: unknown = await PruningSession.start(fixed(), { weights: model.weights, optimizer }).then(
    () => undefined,
    reason => reason,
  );
  expect(error).toBeInstanceOf(UnsupportedOptimizerError);
  return (error as Error).message;
}

describe('a session refuses', () => {
  it('Adamax, which does not expose its slots', async () => {
    const optimizer = tf.train.adamax(0.1);
    expect(await refusal(optimizer)).toMatch(/Adamax.*getWeights is not implemented.*Use Adam instead/);
    disposeOptimizer(optimizer);
  });

  it('centered RMSProp, which gives NaN where gradients are 0', async () => {
    const optimizer = tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true);
    expect(await refusal(optimizer)).toMatch(/centered.*NaN/);
    disposeOptimizer(optimizer);
  });

  it('an optimizer that has slots of other weights', async () => {
    const other = toyModel();
    const optimizer = tf.train.adam(0.1);
    optimizer.minimize(
      other.loss,
      false,
      other.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable),
    );
    expect(await refusal(optimizer)).toMatch(/slots of other weights already.*Create a new optimizer/);
    disposeOptimizer(optimizer);
    other.dispose();
  });

  it('an optimizer that has slots of some of the weights, or in another order', async () => {
    const variables = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    for (const list of [variables.slice(1), variables.toReversed()]) {
      const optimizer = tf.train.momentum(0.1, 0.9);
      optimizer.minimize(model.loss, false, list);
      expect(await refusal(optimizer)).toMatch(/another set of weights, or in another order/);
      disposeOptimizer(optimizer);
    }
  });

  it("another session's masked optimizer", async () => {
    const optimizer = tf.train.sgd(0.1);
    const session = await PruningSession.start(fixed(), { weights: model.weights, optimizer });
    expect(await refusal(session.optimizer)).toMatch(/belongs to a session already/);
    session.dispose();
    session.optimizer.dispose();
  });
});

it('a session takes over an optimizer that trained the same weights, and cleans the slots of what starts masked', async () => {
  const optimizer = tf.train.momentum(0.1, 0.9);
  const variables = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  optimizer.minimize(model.loss, false, variables);
  const masks = new Map([['head/kernel', maskOf('01'.repeat(12))]]);
  const session = await PruningSession.start(fixed(), { weights: model.weights, optimizer, masks });
  const [iterations, , , head] = await optimizer.getWeights();
  expect(head!.name).toMatch(/momentum$/);
  const slot = Array.from(await head!.tensor.data());
  expect(slot.filter((_, i) => i % 2 === 0)).toEqual(new Array(12).fill(0));
  expect(slot.filter((_, i) => i % 2 === 1)).not.toContain(0);
  iterations!.tensor.dispose();
  session.dispose();
  disposeOptimizer(optimizer);
});

it.each(Object.entries(supportedOptimizers))('disposeOptimizer frees all of %s', async (_, create) => {
  const optimizer = create();
  const session = await PruningSession.start(fixed(), { weights: model.weights, optimizer });
  await session.step(model.loss);
  session.dispose();
  disposeOptimizer(session.optimizer);
});

it('the masked optimizer forwards iterations, class name, configuration and slots', async () => {
  const optimizer = tf.train.adam(0.25);
  const session = await PruningSession.start(fixed(), { weights: model.weights, optimizer });
  await session.step(model.loss);
  const masked = session.optimizer;
  expect(masked.inner).toBe(optimizer);
  expect(masked.iterations).toBe(1);
  expect(masked.getClassName()).toBe('Adam');
  expect(masked.getConfig()).toMatchObject({ learningRate: 0.25 });
  const { tensor: saved } = await masked.saveIterations();
  expect(Array.from(await saved.data())).toEqual([1]);
  saved.dispose();
  const weights = await masked.getWeights();
  expect(weights).toHaveLength(1 + 2 * 4);
  await masked.setWeights(weights);
  expect(optimizer.iterations).toBe(1);
  const again = await optimizer.getWeights();
  tf.dispose([...weights, ...again].map(({ tensor }) => tensor));
  session.dispose();
  masked.dispose();
});
