import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InvalidDecisionError } from '../../src/errors/index.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { StepPlan, StepView } from '../../src/method/step.js';
import { supportedOptimizers } from '../../src/testing/contract/supported-optimizers.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { readSlots } from '../../src/tfjs/optimizer/optimizer-slots.js';
import { WeightTable } from '../../src/tfjs/weights/weight-table.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { b, loss, masks, optimizer, replace, scripted, useRig, w, withSession } from './rig.js';

useRig();

const names: Readonly<Record<string, readonly string[]>> = {
  sgd: [],
  momentum: ['momentum'],
  nesterov: ['momentum'],
  adam: ['m', 'v'],
  adagrad: ['accumulator'],
  adadelta: ['accum_grad', 'accum_var'],
  rmsprop: ['rms', 'momentum'],
  rmspropMomentum: ['rms', 'momentum'],
};

function watching(views: StepView[], plan: (position: number) => StepPlan): PruningMethod {
  return scripted({
    plan: ({ position }) => plan(position),
    decide: view => {
      views.push(view);
      return { state: null };
    },
  });
}

const slotsOf = (view: StepView | undefined): Record<string, number[]> =>
  Object.fromEntries(Object.entries(view?.layers[0]?.slots ?? {}).map(([name, values]) => [name, [...values]]));

/** What the optimizer itself says that it holds for w. */
async function own(): Promise<Record<string, readonly number[]>> {
  const [iterations, ...slots] = await optimizer.getWeights();
  iterations?.tensor.dispose();
  const ofW = slots.filter(({ name }) => name.startsWith(`${w.name}/`));
  const read = ofW.map(
    async ({ name, tensor }) => [name.slice(w.name.length + 1), [...(await tensor.data())]] as const,
  );
  return Object.fromEntries(await Promise.all(read));
}

describe.each(Object.entries(supportedOptimizers))('views with the slots of %s', (name, create) => {
  it('show what the optimizer holds after the step, masked entries at the initial value, and nothing unless asked', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: create() });
    const views: StepView[] = [];
    const plan = (position: number): StepPlan => ({
      observe: { kind: 'clock', ...(position > 0 ? { slots: true } : {}) },
    });
    await withSession(watching(views, plan), { masks: masks('1101') }, async session => {
      for (let i = 0; i < 3; i++) {
        await session.step(loss);
        if (i > 0) expect(slotsOf(views[i])).toEqual(await own());
      }
      expect(views[0]?.layers[0]).not.toHaveProperty('slots');
      expect(Object.keys(slotsOf(views[2]))).toEqual(names[name]);
      const initial = name === 'adagrad' ? Math.fround(0.1) : 0;
      for (const values of Object.values(slotsOf(views[2]))) {
        expect(values[2]).toBe(initial);
        expect(values[0]).not.toBe(initial);
      }
    });
  });

  it('show initial values before the first update, under the same names', async () => {
    disposeOptimizer(optimizer);
    replace({ optimizer: create() });
    const views: StepView[] = [];
    const plan = (): StepPlan => ({ observe: { kind: 'weights', slots: true }, optimizer: 'skip' });
    await withSession(watching(views, plan), {}, async session => void (await session.step(loss)));
    const initial = name === 'adagrad' ? Math.fround(0.1) : 0;
    const expected = Object.fromEntries((names[name] ?? []).map(slot => [slot, [initial, initial, initial, initial]]));
    expect(slotsOf(views[0])).toEqual(expected);
    // The table of names holds what TensorFlow.js makes at the first update.
    const zeros = tf.zeros([2, 2]);
    const zero = tf.zeros([2]);
    optimizer.applyGradients([
      { name: w.name, tensor: zeros },
      { name: b.name, tensor: zero },
    ]);
    tf.dispose([zeros, zero]);
    const { slots } = await readSlots(optimizer, new WeightTable(weightsOf({ w, b })));
    expect([...new Set(slots.map(({ slot }) => slot))]).toEqual(names[name]);
  });
});

it('a frozen weight is shown with initial slots', async () => {
  disposeOptimizer(optimizer);
  replace({ optimizer: tf.train.adagrad(0.1, 0.25) });
  const frozen = tf.tidy(() => tf.variable(tf.ones([1, 2]), false));
  const views: StepView[] = [];
  const weights = weightsOf({ w, b, frozen }, { include: ['frozen'] });
  const plan = (): StepPlan => ({ observe: { kind: 'clock', slots: true } });
  await withSession(watching(views, plan), { weights }, async session => void (await session.step(loss)));
  expect(views[0]?.layers.map(({ slots }) => [...(slots?.accumulator ?? [])])).toEqual([
    [1.25, 4.25, 16.25, 64.25], // 0.25 + g²
    [0.25, 0.25],
  ]);
  frozen.dispose();
});

it('slots are asked for by true or false alone', async () => {
  const plan = (): StepPlan => ({ observe: { kind: 'clock', slots: ['momentum'] } }) as unknown as StepPlan;
  await withSession(watching([], plan), {}, async session => {
    await expect(session.step(loss)).rejects.toThrow(InvalidDecisionError);
    await expect(session.step(loss)).rejects.toThrow(/"slots" neither with true/);
  });
});
