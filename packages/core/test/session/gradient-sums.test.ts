import * as tf from '@tensorflow/tfjs-core';
import { layers as layersOf, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { InvalidDecisionError } from '../../src/errors/index.js';
import type { GradientSum } from '../../src/method/gradient-sum.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { StepPlan, StepView } from '../../src/method/step.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import { modelWeights } from '../../src/tfjs/weights/model-weights.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { b, g, loss, masks, optimizer, replace, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

const all: readonly GradientSum[] = ['gradientTimesWeight', 'gradient', 'squaredGradient', 'absoluteGradient'];

/** A method that makes one plan at every step, and keeps what it is shown. */
function watching(
  plan: (position: number) => StepPlan,
  views: StepView[],
  more: Partial<PruningMethod> = {},
): PruningMethod {
  const decide: PruningMethod['decide'] = view => {
    views.push(view);
    return { state: null };
  };
  return scripted({ plan: ({ position }) => plan(position), decide, ...more });
}

const sumsOf = ({ layers }: StepView): Record<string, number[]> =>
  Object.fromEntries(Object.entries(layers[0]?.sums ?? {}).map(([kind, sum]) => [kind, [...sum]]));

const observeSums = (position: number): StepPlan =>
  position === 1 ? { accumulate: all, observe: { kind: 'clock', sums: true } } : { accumulate: all };

describe('sums of gradients', () => {
  it('hold g, |g|, g² and g·w of every step up to the observation, with the weights that g was computed at', async () => {
    const views: StepView[] = [];
    g.dispose();
    replace({ g: tf.tensor2d([1, -2, 0, 0.5], [2, 2]) });
    await withSession(watching(observeSums, views), {}, async session => {
      for (let i = 0; i < 2; i++) await session.step(loss);
    });
    // The gradient is g at both steps. SGD of rate 1 makes w − g of w = (1, 2, 3, 4): (0, 4, 3, 3.5) at the second
    // step.
    expect(views.map(sumsOf)).toEqual([
      {
        gradient: [2, -4, 0, 1],
        absoluteGradient: [2, 4, 0, 1],
        squaredGradient: [2, 8, 0, 0.5],
        gradientTimesWeight: [1 * 1 + 1 * 0, -2 * 2 - 2 * 4, 0, 0.5 * 4 + 0.5 * 3.5],
      },
    ]);
    expect(views[0]?.summedSteps).toEqual({
      gradient: 2,
      absoluteGradient: 2,
      squaredGradient: 2,
      gradientTimesWeight: 2,
    });
    expect(views[0]?.layers[0]?.weights).toHaveLength(0); // only the sums were asked for
  });

  it('take dense gradients, masked entries included, and no weight decay', async () => {
    const views: StepView[] = [];
    await withSession(watching(observeSums, views), { masks: masks('0110'), weightDecay: 10 }, async session => {
      for (let i = 0; i < 2; i++) await session.step(loss);
    });
    expect(sumsOf(views[0]!).gradient).toEqual([2, 4, 8, 16]);
    // w is 0 at masked entries; 2 and 3 become 2 − (2 + 20) and 3 − (4 + 30).
    expect(sumsOf(views[0]!).gradientTimesWeight).toEqual([0, 2 * 2 + 2 * -20, 4 * 3 + 4 * -31, 0]);
  });

  it('also grow at steps that the optimizer skips, and not at steps whose plan does not ask', async () => {
    const views: StepView[] = [];
    const plans: StepPlan[] = [
      { accumulate: ['gradient'], optimizer: 'skip' },
      {},
      { accumulate: ['gradient', 'squaredGradient'], observe: { kind: 'weights', sums: true }, optimizer: 'skip' },
    ];
    await withSession(
      watching(position => plans[position] ?? {}, views),
      {},
      async session => {
        for (let i = 0; i < 3; i++) await session.step(loss);
      },
    );
    expect(sumsOf(views[0]!)).toEqual({ gradient: [2, 4, 8, 16], squaredGradient: [1, 4, 16, 64] });
    expect(views[0]?.summedSteps).toEqual({ gradient: 2, squaredGradient: 1 });
    expect([...(views[0]?.layers[0]?.weights ?? [])]).toEqual([0, 0, -1, -4]); // one step was applied
  });

  it('are of the effective weight under a reparameterization', async () => {
    const views: StepView[] = [];
    const method = watching(observeSums, views, {
      reparameterization: {
        effective: ({ mul }, raw) => mul(raw, 3),
        backward: (_, { gradient }) => ({ raw: gradient }),
      },
    });
    await withSession(method, {}, async session => {
      for (let i = 0; i < 2; i++) await session.step(loss);
    });
    expect(sumsOf(views[0]!).gradient).toEqual([2, 4, 8, 16]);
    // Raw weights (1, 2, 3, 4), then (0, 0, −1, −4); the model computes with three times them.
    expect(sumsOf(views[0]!).gradientTimesWeight).toEqual([3 + 0, 12 + 0, 36 - 12, 96 - 96]);
  });

  it('are zeros for a frozen weight, and for one that the loss does not depend on', async () => {
    const views: StepView[] = [];
    const frozen = tf.tidy(() => tf.variable(tf.ones([1, 2]), false));
    const unused = tf.tidy(() => tf.variable(tf.ones([1, 3])));
    const listed = weightsOf({ w, b, frozen, unused }, { include: ['frozen'] });
    await withSession(watching(observeSums, views), { weights: listed }, async session => {
      for (let i = 0; i < 2; i++) {
        const { value, grads } = tf.variableGrads(loss, [w, b]);
        const list = [w, b, unused].map(({ name }) => ({ name, tensor: grads[name] as tf.Tensor }));
        session.optimizer.applyGradients(list);
        tf.dispose([value, ...Object.values(grads)]);
        await session.settle();
      }
      expect((await session.checkpoint()).sums?.map(sum => [...sum.weights.keys()])).toEqual(all.map(() => ['w']));
    });
    const shown = views[0]?.layers.map(({ name, sums }) => [name, [...(sums?.squaredGradient ?? [])]]);
    expect(shown).toEqual([
      ['w', [2, 8, 32, 128]],
      ['frozen', [0, 0]],
      ['unused', [0, 0, 0]],
    ]);
    tf.dispose([frozen, unused]);
  });

  it('go on growing until a decision resets them, whatever else it does', async () => {
    const views: StepView[] = [];
    const plan = (): StepPlan => ({ accumulate: ['gradient'], observe: { kind: 'weights', sums: true } });
    const decisions: ReturnType<PruningMethod['decide']>[] = [
      { state: null, snapshot: 'start', sums: 'keep' },
      { state: null, masks: masks('1011'), rewind: { snapshot: 'start', restore: 'all' } },
      { state: null, sums: 'reset' },
      { state: null },
    ];
    const decide: PruningMethod['decide'] = view => decisions[views.push(view) - 1]!;
    await withSession(watching(plan, views, { decide }), {}, async session => {
      for (let i = 0; i < 4; i++) await session.step(loss);
    });
    expect(views.map(view => [sumsOf(view).gradient?.[1], view.summedSteps?.gradient])).toEqual([
      [2, 1],
      [4, 2],
      [6, 3], // the rewind took nothing back, and entry 1, masked by now, has a dense gradient
      [2, 1],
    ]);
  });

  it('cost no tensors unless a plan asks, one a weight and kind while they grow, and none after a reset', async () => {
    const counts: number[] = [];
    const plans: StepPlan[] = [{}, { accumulate: ['gradient', 'squaredGradient'] }, { accumulate: ['gradient'] }, {}];
    const method = scripted({
      plan: ({ position }) => plans[position] ?? { observe: { kind: 'clock' } },
      decide: () => ({ state: null, sums: 'reset' }),
    });
    await withSession(method, {}, async session => {
      const before = tf.memory().numTensors;
      for (let i = 0; i < 5; i++) {
        await session.step(loss);
        counts.push(tf.memory().numTensors - before);
      }
    });
    expect(counts).toEqual([0, 2, 2, 2, 0]);
  });

  it('outlive the tidy of fit and are freed when the session is disposed in mid-step', async () => {
    const before = tf.memory().numTensors;
    const model = sequential({ layers: [layersOf.dense({ name: 'one', units: 2, inputShape: [3] })] });
    const sgd = tf.train.sgd(0.1);
    const views: StepView[] = [];
    const plan = (position: number): StepPlan =>
      position === 3 ? { accumulate: all, observe: { kind: 'clock', sums: true } } : { accumulate: all };
    const session = await PruningSession.start(watching(plan, views), { weights: modelWeights(model), optimizer: sgd });
    model.compile({ optimizer: session.optimizer, loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([8, 3]), tf.zeros([8, 2])];
    await model.fit(x, y, { batchSize: 2, verbose: 0, shuffle: false, callbacks: session.callback });
    expect(views[0]?.layers[0]?.sums?.absoluteGradient?.some(sum => sum > 0)).toBe(true);
    session.optimizer.minimize(() => tf.sum(model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar);
    const settling = session.settle();
    session.dispose();
    await settling;
    tf.dispose([x, y]);
    disposeOptimizer(sgd);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('read while the session is disposed leave nothing behind, and what is decided by them is not carried out', async () => {
    const views: StepView[] = [];
    await withSession(
      watching(position => observeSums(position + 1), views),
      {},
      async session => {
        session.optimizer.minimize(loss);
        const settling = session.settle();
        session.dispose();
        await settling;
        expect(session.clock.step).toBe(0);
      },
    );
  });

  it('take nothing from a step whose update fails', async () => {
    const views: StepView[] = [];
    await withSession(watching(observeSums, views), {}, async session => {
      await session.step(loss);
      const { applyGradients } = optimizer;
      optimizer.applyGradients = () => {
        throw new Error('out of memory');
      };
      const before = tf.memory().numTensors;
      expect(() => session.optimizer.minimize(loss)).toThrow(/out of memory/);
      expect(tf.memory().numTensors).toBe(before);
      optimizer.applyGradients = applyGradients;
      await session.step(loss);
    });
    expect(views[0]?.summedSteps?.gradient).toBe(2);
    expect(sumsOf(views[0]!).gradient).toEqual([2, 4, 8, 16]);
  });

  it.each<[string, object, RegExp]>([
    ['an unknown sum', { accumulate: ['hessian'] }, /accumulate/],
    ['sums that are no list', { accumulate: 'gradient' }, /accumulate/],
    ['the same sum twice', { accumulate: ['gradient', 'gradient'] }, /"gradient" twice/],
    ['sums when there are none', { observe: { kind: 'weights', sums: true } }, /has accumulated any/],
    ['sums by anything but true', { accumulate: all, observe: { kind: 'weights', sums: 'all' } }, /neither with true/],
  ])('are refused before the update if the plan asks for %s', async (_, plan, message) => {
    await withSession(scripted({ plan: () => plan as StepPlan }), {}, async session => {
      await expect(session.step(loss)).rejects.toThrow(InvalidDecisionError);
      await expect(session.step(loss)).rejects.toThrow(message);
      expect(await values(w)).toEqual([1, 2, 3, 4]);
    });
  });

  it('are refused in a decision that neither keeps nor resets them', async () => {
    const decide = (): never => ({ state: null, sums: 'clear' }) as never;
    await withSession(scripted({ plan: () => ({ observe: { kind: 'clock' } }), decide }), {}, async session => {
      await expect(session.step(loss)).rejects.toThrow(/sums/);
    });
  });
});
