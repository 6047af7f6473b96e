import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  InvalidDecisionError,
  InvalidOptionError,
  MissingExampleLossesError,
  ShapeMismatchError,
  StepNotSettledError,
  TrainableSetChangedError,
  UnknownLayerError,
} from '../errors/index.js';
import { fixed } from '../method/fixed.js';
import type { PruningMethod } from '../method/pruning-method.js';
import type { StepView } from '../method/step.js';
import { maskOf } from '../testing/mask-of.js';
import { disposeOptimizer } from './dispose-optimizer.js';
import { SessionDisposedError } from './errors.js';
import { PruningSession } from './session.js';
import type { SessionOptions } from './session-options.js';
import { weightsOf } from './weights-of.js';

/** w is 2x2 and prunable, b has 2 entries. The gradient of the loss is the constant g for w, and 1 for b. */
let w: tf.Variable;
let b: tf.Variable;
let g: tf.Tensor;
let optimizer: tf.Optimizer;
let before: number;
const loss = (): tf.Scalar => tf.add(tf.sum(tf.mul(w, g)), tf.sum(b));

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  before = tf.memory().numTensors;
  w = tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2])));
  b = tf.tidy(() => tf.variable(tf.tensor1d([5, 6])));
  g = tf.tensor2d([1, 2, 4, 8], [2, 2]);
  optimizer = tf.train.sgd(1);
});
afterEach(() => {
  disposeOptimizer(optimizer);
  tf.dispose([w, b, g]);
  expect(tf.memory().numTensors).toBe(before);
});

/** A method that does what the test says. */
function scripted(script: Partial<PruningMethod>): PruningMethod {
  return {
    specification: 'v1',
    name: 'scripted',
    citation: 'none',
    options: {},
    start: () => ({ state: null }),
    plan: () => ({}),
    decide: () => ({ state: null }),
    ...script,
  };
}

async function withSession(
  method: PruningMethod,
  options: Partial<SessionOptions>,
  body: (session: PruningSession) => Promise<void> | void,
): Promise<void> {
  const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer, ...options });
  try {
    await body(session);
  } finally {
    session.dispose();
  }
}

const values = async (variable: tf.Variable): Promise<number[]> => Array.from(await variable.data());
const masks = (bits: string): ReadonlyMap<string, Uint8Array> => new Map([['w', maskOf(bits)]]);
const observeAt = (position: number, kind: 'clock' | 'weights' | 'gradients'): PruningMethod['plan'] => {
  return clock => (clock.position === position ? { observe: { kind } } : {});
};

describe('a step', () => {
  it('updates active entries as the optimizer does and leaves masked ones at 0', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      // Before: 1·1 + 0·2 + 3·4 + 4·8 + 5 + 6 = 56. After: w − g where active.
      expect(await session.step(loss)).toBe(56);
      expect(await values(w)).toEqual([0, 0, -1, -4]);
      expect(await values(b)).toEqual([4, 5]);
      expect(session.clock).toEqual({ step: 1, position: 1, round: 0 });
      expect(session.sparsity).toBe(0.25);
    });
  });

  it('sets masked weights that something else wrote back to 0', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      tf.tidy(() => void w.assign(tf.fill([2, 2], 9)));
      await session.step(loss);
      expect(await values(w)).toEqual([8, 0, 5, 1]);
    });
  });

  it('removes NaN and infinity from the gradients of masked entries', async () => {
    g.dispose();
    g = tf.tensor2d([1, Number.NaN, Number.POSITIVE_INFINITY, 8], [2, 2]);
    await withSession(fixed({ masks: masks('1001') }) as PruningMethod, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, -4]);
    });
  });

  it('leaves parameters and slots alone if the plan says skip, and still counts', async () => {
    disposeOptimizer(optimizer);
    optimizer = tf.train.momentum(1, 0.9);
    await withSession(scripted({ plan: () => ({ optimizer: 'skip' }) }), {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 4]);
      expect(optimizer.iterations).toBe(0);
      expect(session.clock.step).toBe(1);
    });
  });

  it('works on gradients that the user clipped', async () => {
    await withSession(fixed({ masks: masks('1011') }) as PruningMethod, {}, async session => {
      const { value, grads } = session.optimizer.computeGradients(loss);
      const clipped = Object.fromEntries(Object.entries(grads).map(([name, t]) => [name, tf.clipByValue(t, -2, 2)]));
      session.optimizer.applyGradients(clipped);
      await session.settle();
      tf.dispose([value, grads, clipped]);
      expect(await values(w)).toEqual([0, 0, 1, 2]);
    });
  });

  it('trains the weights of the session when optimizer.minimize is given none', async () => {
    const other = tf.tidy(() => tf.variable(tf.scalar(1)));
    await withSession(fixed() as PruningMethod, {}, async session => {
      session.optimizer.minimize(() => tf.add(loss(), other));
      await session.settle();
      expect(await values(other)).toEqual([1]);
      expect(await values(b)).toEqual([4, 5]);
    });
    other.dispose();
  });

  it('refuses to begin while the last one is open', async () => {
    await withSession(fixed() as PruningMethod, {}, async session => {
      session.optimizer.minimize(loss);
      await expect(session.step(loss)).rejects.toThrow(StepNotSettledError);
      await session.settle();
      await session.step(loss);
      expect(session.clock.step).toBe(2);
    });
  });

  it('refuses gradients of another set of weights', async () => {
    await withSession(fixed() as PruningMethod, {}, session => {
      const { optimizer: masked } = session;
      expect(() => masked.minimize(loss, false, [w])).toThrow(/There is no gradient for b/);
      const one = tf.scalar(1);
      const gradient = { name: w.name, tensor: one };
      expect(() => masked.applyGradients([gradient])).toThrow(/There is no gradient for b/);
      expect(() =>
        masked.applyGradients([gradient, { name: b.name, tensor: one }, { name: 'x', tensor: one }]),
      ).toThrow(/There are gradients for x/);
      expect(() => masked.applyGradients([gradient, gradient, { name: b.name, tensor: one }])).toThrow(
        TrainableSetChangedError,
      );
      one.dispose();
    });
  });
});

describe('a weight', () => {
  it('that the loss does not depend on stays as it is, without decay, and shows a gradient of zeros', async () => {
    disposeOptimizer(optimizer);
    optimizer = tf.train.momentum(1, 0.5);
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...(layers[0]?.gradient ?? [])]);
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, 'gradients'), decide }), { weightDecay: 0.5 }, async session => {
      await session.step(() => tf.sum(b));
      expect(await values(w)).toEqual([1, 2, 3, 4]);
      expect(await values(b)).toEqual([4, 5]);
    });
    expect(gradients).toEqual([[0, 0, 0, 0]]);
  });

  it('that is frozen can be masked, and shows a gradient of zeros', async () => {
    w.trainable = false;
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...(layers[0]?.gradient ?? [])]);
      return { state: null };
    };
    const method = scripted({ plan: observeAt(0, 'gradients'), decide });
    const weights = weightsOf({ w, b }, { include: ['w'] });
    await withSession(method, { weights, masks: masks('0110') }, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 2, 3, 0]);
      const checkpoint = await session.checkpoint();
      expect(checkpoint.masks.get('w')).toEqual(maskOf('0110'));
      expect(checkpoint.weights.get('w')?.trainable).toBe(false);
    });
    expect(gradients).toEqual([[0, 0, 0, 0]]);
  });
});

describe('an observation', () => {
  const seen = async (
    kind: 'clock' | 'weights' | 'gradients',
    options: Partial<SessionOptions> = {},
  ): Promise<StepView> => {
    const views: StepView[] = [];
    const decide: PruningMethod['decide'] = view => {
      views.push(view);
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, kind), decide }), options, async session => {
      await session.step(loss);
      await session.step(loss);
    });
    expect(views).toHaveLength(1);
    return views[0]!;
  };

  it('of the clock shows masks and no weights', async () => {
    const { layers, clock, samples } = await seen('clock', { masks: masks('0111') });
    expect(clock).toEqual({ step: 0, position: 0, round: 0 });
    expect(layers).toEqual([{ name: 'w', shape: [2, 2], size: 4, weights: new Float32Array(0), mask: maskOf('0111') }]);
    expect(samples).toBeUndefined();
  });

  it('of the weights shows them after the step, without gradients', async () => {
    const { layers } = await seen('weights');
    expect(layers.map(layer => [...layer.weights])).toEqual([[0, 0, -1, -4]]);
    expect(layers[0]).not.toHaveProperty('gradient');
  });

  it('of the gradients shows dense ones, masked entries included, without weight decay', async () => {
    const { layers } = await seen('gradients', { masks: masks('0110'), weightDecay: 10 });
    expect([...layers[0]!.gradient!]).toEqual([1, 2, 4, 8]);
  });

  it('of the gradients is with respect to the effective weight', async () => {
    // The gradient of w² is 2w, at the masked weight 0 and not at the 2 that was there before.
    const squares = (): tf.Scalar => tf.add(tf.sum(tf.square(w)), tf.sum(b));
    const gradients: number[][] = [];
    const decide: PruningMethod['decide'] = ({ layers }) => {
      gradients.push([...layers[0]!.gradient!]);
      return { state: null };
    };
    const method = scripted({ plan: observeAt(0, 'gradients'), decide });
    await withSession(method, { masks: masks('1011') }, async session => void (await session.step(squares)));
    expect(gradients).toEqual([[2, 0, 6, 8]]);
  });

  it('of samples streams as many example gradients as the plan asks for, not more', async () => {
    const sums: number[] = [];
    const method = scripted({
      plan: ({ position }) => (position === 0 ? { observe: { kind: 'samples', count: 2 } } : {}),
      decide: async ({ samples }) => {
        for await (const gradients of samples!) sums.push(gradients.get('w')![3]!);
        return { state: null };
      },
    });
    function* exampleLosses(): Generator<() => tf.Scalar> {
      for (let scale = 1; scale < 9; scale++) yield () => tf.mul(loss(), scale);
    }
    await withSession(method, { exampleLosses }, async session => void (await session.step(loss)));
    expect(sums).toEqual([8, 16]);
  });

  it('of samples fails before the update if there are no example losses', async () => {
    const method = scripted({ plan: () => ({ observe: { kind: 'samples', count: 1 } }) });
    await withSession(method, {}, async session => {
      const zero = tf.zeros([2, 2]);
      const gradients = [w, b].map(({ name }) => ({ name, tensor: zero }));
      expect(() => session.optimizer.applyGradients(gradients)).toThrow(MissingExampleLossesError);
      zero.dispose();
      await session.settle();
      expect(session.clock.step).toBe(0);
    });
  });
});

describe('a decision', () => {
  it('sets pruned weights to 0, grown ones to 0, and tells what changed', async () => {
    const events: unknown[] = [];
    const method = scripted({
      start: () => ({ state: null, masks: masks('0111'), phase: 'first' }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, masks: masks('1001') }),
    });
    await withSession(method, { onDecision: event => events.push(event) }, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, -4]);
      expect(session.sparsity).toBe(0.5);
      expect(session.phase).toBe('first');
    });
    expect(events).toEqual([
      { clock: { step: 0, position: 0, round: 0 }, phase: 'first', sparsity: 0.25, changed: { pruned: 1, grown: 0 } },
      { clock: { step: 1, position: 1, round: 0 }, phase: 'first', sparsity: 0.5, changed: { pruned: 2, grown: 1 } },
    ]);
  });

  it('may set weights, but never masked ones', async () => {
    const start: PruningMethod['start'] = () => ({
      state: null,
      masks: masks('1101'),
      weights: new Map([['w', Float32Array.of(7, 8, Number.NaN, 10)]]),
    });
    await withSession(scripted({ start }), {}, async () => expect(await values(w)).toEqual([7, 8, 0, 10]));
  });

  it('may set weights of a layer that keeps its mask', async () => {
    const method = scripted({
      start: () => ({ state: null, masks: masks('1101') }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, weights: new Map([['w', Float32Array.of(7, 8, 9, 10)]]) }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([7, 8, 0, 10]);
    });
  });

  it('costs no tensors for layers with nothing masked', async () => {
    const tensors = tf.memory().numTensors;
    await withSession(fixed({ masks: masks('1111') }) as PruningMethod, {}, () => {
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  it('keeps weights of its own, whatever the method does with its arrays later', async () => {
    const shared = Float32Array.of(1, 1, 1, 1);
    const method = scripted({
      start: () => ({ state: null, weights: new Map([['w', shared]]) }),
      plan: observeAt(0, 'weights'),
      decide: ({ layers }) => {
        layers[0]?.weights.fill(50);
        return { state: null };
      },
    });
    await withSession(method, {}, async session => {
      shared.fill(40);
      await session.step(loss);
      expect(await values(w)).toEqual([0, -1, -3, -7]);
    });
  });

  it('may mask a whole layer', async () => {
    await withSession(fixed({ masks: masks('0000') }) as PruningMethod, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, 0, 0]);
      expect(session.sparsity).toBe(1);
    });
  });

  it('goes back to a snapshot and masks it, counting a round', async () => {
    const method = scripted({
      start: () => ({ state: null, snapshot: 'start' }),
      plan: observeAt(1, 'weights'),
      decide: () => ({ state: null, rewind: { snapshot: 'start', restore: 'all' }, masks: masks('1110') }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 0]);
      expect(await values(b)).toEqual([5, 6]);
      expect(session.clock).toEqual({ step: 2, position: 0, round: 1 });
    });
  });

  it('may go back in position alone', async () => {
    const method = scripted({
      plan: ({ step }) => (step === 0 || step === 2 ? { observe: { kind: 'clock' } } : {}),
      decide: ({ clock }) =>
        clock.step === 0
          ? { state: null, snapshot: 'early' }
          : { state: null, rewind: { snapshot: 'early', restore: 'position' } },
    });
    await withSession(method, {}, async session => {
      for (let i = 0; i < 3; i++) await session.step(loss);
      expect(await values(b)).toEqual([2, 3]);
      expect(session.clock).toEqual({ step: 3, position: 1, round: 1 });
    });
  });

  it('may take a snapshot and prune at once; the snapshot is from before', async () => {
    const method = scripted({
      start: () => ({ state: null, snapshot: 'dense', masks: masks('0001') }),
      plan: observeAt(0, 'clock'),
      decide: () => ({ state: null, rewind: { snapshot: 'dense', restore: 'all' }, masks: masks('1111') }),
    });
    await withSession(method, {}, async session => {
      await session.step(loss);
      expect(await values(w)).toEqual([1, 2, 3, 4]);
    });
  });

  const refused = async (start: PruningMethod['start'], error: unknown): Promise<void> => {
    await expect(withSession(scripted({ start }), {}, () => {})).rejects.toThrow(error as RegExp);
    expect(await values(w)).toEqual([1, 2, 3, 4]);
  };

  it('is refused whole if a part of it is wrong', async () => {
    const state = null;
    await refused(() => ({ state, masks: new Map([['nothing', maskOf('1')]]) }), UnknownLayerError);
    await refused(() => ({ state, masks: new Map([['b', maskOf('11')]]) }), UnknownLayerError);
    await refused(() => ({ state, masks: masks('101') }), ShapeMismatchError);
    await refused(() => ({ state, masks: new Map([['w', Uint8Array.of(1, 2, 1, 1)]]) }), /is 2 at index 1/);
    await refused(
      () => ({ state, masks: masks('0000'), rewind: { snapshot: 'x', restore: 'all' } }),
      InvalidDecisionError,
    );
    await refused(
      () => ({ state, weights: new Map([['w', Float32Array.of(1, 2, 3, Number.NaN)]]) }),
      /weight 3 of "w" is NaN/,
    );
    await refused(() => ({ state, weights: new Map([['w', Float32Array.of(1)]]) }), ShapeMismatchError);
    await refused(() => ({ state, slots: 'forget' as 'keep' }), /slots/);
    await refused(() => ({ state, snapshot: '' }), /snapshot has no name/);
    await refused(() => ({ state, learningRate: { start: 0, segments: [] } }), /no segments/);
    await refused(
      () => ({ state, learningRate: { start: 0, segments: [{ shape: 'constant', length: 0, value: 1 }] } }),
      /0 steps/,
    );
    await refused(
      () => ({ state, learningRate: { start: 0, segments: [{ shape: 'constant', length: 1, value: Number.NaN }] } }),
      /the rate NaN/,
    );
    await refused(() => ({}) as ReturnType<PruningMethod['start']>, /no state/);
  });

  it('leaves the step open if the method throws, so that settle can be tried again', async () => {
    let failures = 1;
    const method = scripted({
      plan: observeAt(0, 'gradients'),
      decide: () => {
        if (failures-- > 0) throw new RangeError('once');
        return { state: null, masks: masks('0111') };
      },
    });
    await withSession(method, {}, async session => {
      await expect(session.step(loss)).rejects.toThrow(RangeError);
      expect(session.clock.step).toBe(0);
      await session.settle();
      expect(session.clock.step).toBe(1);
      expect(session.sparsity).toBe(0.25);
    });
  });

  it('is taken once, however often settle is called meanwhile', async () => {
    let decisions = 0;
    const decide: PruningMethod['decide'] = () => {
      decisions++;
      return { state: null };
    };
    await withSession(scripted({ plan: observeAt(0, 'weights'), decide }), {}, async session => {
      session.optimizer.minimize(loss);
      await Promise.all([session.settle(), session.settle(), session.settle()]);
      await session.settle();
      expect(decisions).toBe(1);
      expect(session.clock.step).toBe(1);
    });
  });

  it('keeps masks of its own, whatever the method does with its arrays later', async () => {
    const shared = maskOf('1011');
    await withSession(fixed({ masks: new Map([['w', shared]]) }) as PruningMethod, {}, async session => {
      shared.fill(0);
      await session.step(loss);
      expect(await values(w)).toEqual([0, 0, -1, -4]);
      expect(session.masks.get('w')).toEqual(maskOf('1011'));
    });
  });
});

describe('options', () => {
  const refused = async (options: Partial<SessionOptions>, error: unknown): Promise<void> => {
    await expect(withSession(fixed() as PruningMethod, options, () => {})).rejects.toThrow(error as RegExp);
  };

  it('are checked at the start', async () => {
    await refused({ weights: [] }, InvalidOptionError);
    await refused({ seed: -1 }, /"seed" is -1/);
    await refused({ seed: 0.5 }, /"seed"/);
    await refused({ learningRate: 0.1 as unknown as () => number }, /"learningRate" is 0.1/);
    await refused({ weightDecay: -1 }, /"weightDecay" is -1/);
    await refused({ weightDecay: { rate: Number.NaN } }, /"weightDecay" is NaN/);
    await refused({ optimizer: {} as tf.Optimizer }, /"optimizer"/);
    await refused({ masks: masks('10') }, ShapeMismatchError);
    await refused(
      { masks: new Map([['w', Uint8Array.of(3, 1, 1, 1)]]) },
      /"masks" is an object, but must be a Map of valid masks/,
    );
    await refused({ masks: new Map([['v', maskOf('1')]]) }, UnknownLayerError);
    await refused({ weights: [...weightsOf({ w, b }), ...weightsOf({ w })] }, /Two weights are called "w"/);
    await refused({ weights: weightsOf({ w, v: w }) }, /listed only once/);
    await refused(
      { weights: weightsOf({ w }, { include: ['w'] }).map(weight => ({ ...weight, trainable: false })) },
      /trainable/,
    );
  });

  it('refuse a method of another contract version', async () => {
    await expect(withSession(scripted({ specification: 'v2' as 'v1' }), {}, () => {})).rejects.toThrow(/"v1"/);
  });
});

describe('dispose', () => {
  it('frees an open step, and ends the session', async () => {
    const session = await PruningSession.start(scripted({ plan: observeAt(0, 'gradients') }), {
      weights: weightsOf({ w, b }),
      optimizer,
    });
    session.optimizer.minimize(loss);
    session.dispose();
    session.dispose();
    await expect(session.step(loss)).rejects.toThrow(SessionDisposedError);
    await expect(session.checkpoint()).rejects.toThrow(SessionDisposedError);
    await session.settle();
  });

  it('while the method decides drops the decision', async () => {
    const decide: PruningMethod['decide'] = async () => {
      session.dispose();
      return { state: null, masks: masks('0001') };
    };
    const session: PruningSession = await PruningSession.start(scripted({ plan: observeAt(0, 'weights'), decide }), {
      weights: weightsOf({ w, b }),
      optimizer,
    });
    session.optimizer.minimize(loss);
    await session.settle();
    expect(session.clock.step).toBe(0);
    expect(await values(w)).toEqual([0, 0, -1, -4]);
  });
});
