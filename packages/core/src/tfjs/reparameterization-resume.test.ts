import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedbackToy, scoredToy, thresholdToy } from '../../test/toys/toy-hooked-methods.js';
import { softThreshold, straightThrough } from '../../test/toys/toy-hooks.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { decodeCheckpoint } from '../checkpoint/decode.js';
import { encodeCheckpoint } from '../checkpoint/encode.js';
import { CheckpointMismatchError } from '../errors/checkpoint-errors.js';
import type { PruningMethod } from '../method/pruning-method.js';
import type { Reparameterization } from '../method/reparameterization.js';
import { guardTensors } from '../testing/guard-tensors.js';
import { toyModel } from '../testing/toy-model.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { loadWeights } from './session/checkpoint/load-weights.js';
import { PruningSession } from './session/session.js';

beforeAll(() => tf.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const optimizers = {
  momentum: () => tf.train.momentum(0.05, 0.9),
  adam: () => tf.train.adam(0.01),
};

/** As many steps from a checkpoint, or from the beginning, and the checkpoint after them. */
async function trained(
  method: PruningMethod,
  optimizerOf: () => tf.Optimizer,
  steps: number,
  from?: Checkpoint,
): Promise<Checkpoint> {
  const model = toyModel();
  const optimizer = optimizerOf();
  const options = { weights: model.weights, optimizer, weightDecay: 0.01 };
  try {
    const session = await (from
      ? PruningSession.resume(method, options, from)
      : PruningSession.start(method, { ...options, seed: 3 }));
    for (let i = 0; i < steps; i++) await session.step(model.loss);
    const checkpoint = await session.checkpoint();
    session.dispose();
    return checkpoint;
  } finally {
    disposeOptimizer(optimizer);
    model.dispose();
  }
}

describe.each(Object.entries(optimizers))('with %s a run that reparameterizes', (_, optimizerOf) => {
  it.each([
    ['trains thresholds', thresholdToy],
    ['masks effective weights', feedbackToy],
    ['trains a score for each weight', scoredToy],
  ] as const)('and %s is the same bit for bit wherever it is cut', async (__, create) => {
    const method = create() as PruningMethod;
    for (const end of [5, 12]) {
      const whole = await trained(method, optimizerOf, end);
      expect(whole.reparameterization === undefined).toBe(end === 12); // the methods bake in between
      for (const cut of [0, 1, 3, 5, 7, 8, 11]) {
        if (cut > end) continue;
        const bytes = encodeCheckpoint(await trained(method, optimizerOf, cut));
        const resumed = await trained(method, optimizerOf, end - cut, decodeCheckpoint(bytes));
        expect(resumed, `${end} steps, cut after ${cut}`).toEqual(whole);
      }
    }
  });
});

describe('a checkpoint of a run that reparameterizes', () => {
  it('holds the effective weights, which load without the method', async () => {
    const checkpoint = await trained(thresholdToy() as PruningMethod, optimizers.adam, 4);
    const { raw, parameters } = checkpoint.reparameterization!;
    expect([...raw.keys()]).toEqual(['hidden/kernel', 'head/kernel']);
    expect(parameters.map(({ weight, name, slots }) => `${name} of ${weight} ${slots}`)).toEqual([
      'threshold of hidden/kernel m,v',
      'threshold of head/kernel m,v',
    ]);
    const model = toyModel(2);
    loadWeights(model.weights, checkpoint);
    const level = 1 / (1 + Math.exp(-parameters[1]!.values[0]!));
    const expected = raw.get('head/kernel')!.values.map(w => Math.sign(w) * Math.max(Math.abs(w) - level, 0));
    const loaded = await model.weights[2]!.variable.data();
    for (const [i, value] of expected.entries()) expect(loaded[i]).toBeCloseTo(value, 6);
    model.dispose();
  });

  it('that leaves out the slots masks the zeros instead, and cannot be resumed', async () => {
    const model = toyModel();
    const optimizer = optimizers.momentum();
    const method: PruningMethod = {
      ...(thresholdToy() as PruningMethod),
      reparameterization: softThreshold(0.4),
    };
    const options = { weights: model.weights, optimizer };
    const session = await PruningSession.start(method, options);
    const small = await session.checkpoint({ slots: false });
    session.dispose();
    const { values } = small.weights.get('hidden/kernel')!;
    expect(small.masks.get('hidden/kernel')).toEqual(Uint8Array.from(values, value => (value === 0 ? 0 : 1)));
    expect(small.masks.get('hidden/kernel')).toContain(0);
    expect(small.reparameterization).toBeUndefined();
    await expect(PruningSession.resume(method, options, small)).rejects.toThrow(/saved without the optimizer/);
    disposeOptimizer(optimizer);
    model.dispose();
  });
});

describe('resume refuses', () => {
  const hooked = (reparameterization?: Reparameterization): PruningMethod => {
    const { reparameterization: _, ...rest } = thresholdToy() as PruningMethod;
    return reparameterization ? { ...rest, reparameterization } : rest;
  };
  const declared = (...names: string[]): Reparameterization => ({
    ...softThreshold(1),
    parameters: () => names.map(name => ({ name, initial: 1, decay: 0 })),
  });

  it.each<[string, PruningMethod, RegExp]>([
    ['a method without a reparameterization', hooked(), /which the method does not have/],
    [
      'one that masks otherwise',
      hooked({ ...softThreshold(1), masking: 'effective' }),
      /act on raw weights, not on eff/,
    ],
    [
      'one with other parameters',
      hooked(declared('scale')),
      /parameters are threshold of hidden.* not scale of hidden/,
    ],
    ['one without parameters', hooked(straightThrough('raw')), /and not none/],
    [
      'one whose parameter is per weight',
      hooked({ ...softThreshold(1), parameters: () => [{ name: 'threshold', perWeight: true, initial: 1, decay: 0 }] }),
      /not threshold of hidden\/kernel \(per weight\)/,
    ],
  ])('%s', async (_, method, message) => {
    const checkpoint = await trained(hooked(softThreshold(1)), optimizers.adam, 2);
    await expect(trained(method, optimizers.adam, 1, checkpoint)).rejects.toThrow(CheckpointMismatchError);
    await expect(trained(method, optimizers.adam, 1, checkpoint)).rejects.toThrow(message);
  });

  it('raw weights or slots of parameters that do not fit', async () => {
    const method = hooked(softThreshold(1));
    const checkpoint = await trained(method, optimizers.adam, 2);
    const stored = checkpoint.reparameterization!;
    const changed = (change: object): Checkpoint => ({ ...checkpoint, reparameterization: { ...stored, ...change } });
    const fewer = changed({ raw: new Map([...stored.raw].slice(1)) });
    await expect(trained(method, optimizers.adam, 1, fewer)).rejects.toThrow(/Its raw weights are head/);
    const slotless = changed({ parameters: stored.parameters.map(each => ({ ...each, slots: ['m'] })) });
    await expect(trained(method, optimizers.adam, 1, slotless)).rejects.toThrow(
      /slots of threshold of hidden.* are m, and not m, v/,
    );
  });
});
