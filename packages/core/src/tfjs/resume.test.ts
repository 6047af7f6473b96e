import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { CheckpointMismatchError } from '../errors/checkpoint-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import { UnsupportedOptimizerError } from '../errors/session-errors.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { alternatingToy, gradualToy, ticketToy } from '../testing/toy-methods.js';
import { type ToyModel, toyModel } from '../testing/toy-model.js';
import { readPowers } from './adam-powers.js';
import { disposeOptimizer } from './dispose-optimizer.js';
import { PruningSession } from './session.js';
import { weightsOf } from './weights-of.js';

let model: ToyModel;
let optimizer: tf.Optimizer;
let before: number;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  before = tf.memory().numTensors;
  model = toyModel();
  optimizer = tf.train.adam(0.01);
});
afterEach(() => {
  disposeOptimizer(optimizer);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

async function checkpointAfter(steps: number, method = gradualToy() as PruningMethod): Promise<Checkpoint> {
  const fresh = toyModel();
  const adam = tf.train.adam(0.01);
  const session = await PruningSession.start(method, { weights: fresh.weights, optimizer: adam, seed: 3 });
  for (let i = 0; i < steps; i++) await session.step(fresh.loss);
  const checkpoint = await session.checkpoint({ metadata: { note: 'x' } });
  session.dispose();
  disposeOptimizer(adam);
  fresh.dispose();
  return checkpoint;
}

const resume = (checkpoint: Checkpoint, method = gradualToy() as PruningMethod): Promise<PruningSession> =>
  PruningSession.resume(method, { weights: model.weights, optimizer }, checkpoint);

describe('a checkpoint', () => {
  it('holds the whole run', async () => {
    const checkpoint = await checkpointAfter(4);
    expect(checkpoint).toMatchObject({
      format: 'espalier-checkpoint/1',
      method: { name: 'gradual-toy', citation: 'none', options: { sparsity: 0.75 } },
      clock: { step: 4, position: 4, round: 0 },
      state: null,
      phase: 'half',
      seed: 3,
      learningRate: null,
      optimizer: { className: 'Adam', iterations: 4 },
      model: null,
      metadata: { note: 'x' },
    });
    expect([...checkpoint.weights.keys()]).toEqual([
      'hidden/kernel',
      'hidden/bias',
      'head/kernel',
      'head/bias',
      'counter',
    ]);
    expect(checkpoint.weights.get('counter')).toEqual({ shape: [2], values: Float32Array.of(4, 4), trainable: false });
    expect(checkpoint.slots.map(({ weight, slot, initial }) => `${weight} ${slot} ${initial}`)).toEqual(
      ['m', 'v'].flatMap(slot =>
        ['hidden/kernel', 'hidden/bias', 'head/kernel', 'head/bias'].map(w => `${w} ${slot} 0`),
      ),
    );
    // TensorFlow.js starts the products at β, so after 4 updates they are β⁵: 0.9⁵ = 0.59049, 0.999⁵ = 0.995009990.
    expect(checkpoint.optimizer!.powers[0]).toBeCloseTo(0.59049, 6);
    expect(checkpoint.optimizer!.powers[1]).toBeCloseTo(0.99500999, 6);
  });

  it('may leave out optimizer and snapshots', async () => {
    const session = await PruningSession.start(ticketToy(), { weights: model.weights, optimizer });
    for (let i = 0; i < 3; i++) await session.step(model.loss);
    const full = await session.checkpoint();
    expect([...full.snapshots.keys()]).toEqual(['early']);
    expect(full.snapshots.get('early')!.position).toBe(2);
    const small = await session.checkpoint({ slots: false, snapshots: false });
    expect(small).toMatchObject({ slots: [], optimizer: null, snapshots: new Map() });
    session.dispose();
  });

  it('settles an open step first, and shares no memory with the session', async () => {
    const session = await PruningSession.start(gradualToy(), { weights: model.weights, optimizer });
    session.optimizer.minimize(model.loss);
    const checkpoint = await session.checkpoint();
    expect(checkpoint.clock.step).toBe(1);
    const kernel = checkpoint.weights.get('head/kernel')!.values.slice();
    const mask = checkpoint.masks.get('head/kernel')!.slice();
    for (let i = 0; i < 5; i++) await session.step(model.loss);
    expect(checkpoint.weights.get('head/kernel')!.values).toEqual(kernel);
    expect(checkpoint.masks.get('head/kernel')).toEqual(mask);
    session.dispose();
  });
});

describe('resume', () => {
  it("restores Adam's running products exactly, at every cut", async () => {
    const whole = tf.train.adam(0.01);
    const reference = await PruningSession.start(gradualToy(), { weights: model.weights, optimizer: whole });
    for (let cut = 1; cut <= 20; cut++) {
      await reference.step(model.loss);
      const other = toyModel();
      const adam = tf.train.adam(0.01);
      const options = { weights: other.weights, optimizer: adam };
      const session = await PruningSession.resume(gradualToy(), options, await reference.checkpoint());
      expect(await readPowers(adam)).toEqual(await readPowers(whole));
      expect(adam.iterations).toBe(cut);
      session.dispose();
      disposeOptimizer(adam);
      other.dispose();
    }
    reference.dispose();
    disposeOptimizer(whole);
  });

  it('takes the seed, phase, state and learning-rate plan from the checkpoint', async () => {
    const checkpoint = await checkpointAfter(9, alternatingToy() as unknown as PruningMethod);
    const session = await resume(checkpoint, alternatingToy() as unknown as PruningMethod);
    expect(session.phase).toBe('dense');
    expect(session.state).toBe('dense');
    // The plan began at position 8 with 0.05 and loses 0.01 a step.
    expect(session.learningRate).toBeCloseTo(0.04, 12);
    expect((await session.checkpoint()).seed).toBe(3);
    session.dispose();
  });

  it('works into an optimizer that trained the same weights before', async () => {
    const trained = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    for (let i = 0; i < 3; i++) optimizer.minimize(model.loss, false, trained);
    const checkpoint = await checkpointAfter(6);
    const session = await resume(checkpoint);
    const again = await session.checkpoint({ metadata: { note: 'x' } });
    expect(again).toEqual(checkpoint);
    session.dispose();
  });

  it('works before the first step', async () => {
    const checkpoint = await checkpointAfter(0);
    const session = await resume(checkpoint);
    expect(await session.checkpoint({ metadata: { note: 'x' } })).toEqual(checkpoint);
    session.dispose();
  });

  it('finds slots by name, in whatever order of weights the checkpoint has them', async () => {
    const checkpoint = await checkpointAfter(6);
    const reversed = ['m', 'v'].flatMap(kind => checkpoint.slots.filter(({ slot }) => slot === kind).toReversed());
    const session = await resume({ ...checkpoint, slots: reversed });
    for (let i = 6; i < 9; i++) await session.step(model.loss);
    const expected = await checkpointAfter(9);
    expect((await session.checkpoint({ metadata: { note: 'x' } })).weights).toEqual(expected.weights);
    session.dispose();
  });

  it('refuses what does not fit, and says what', async () => {
    const good = await checkpointAfter(6);
    const refused = async (checkpoint: Checkpoint, message: RegExp): Promise<void> => {
      const error: unknown = await resume(checkpoint).then(
        () => undefined,
        reason => reason,
      );
      expect(error).toBeInstanceOf(CheckpointMismatchError);
      expect((error as Error).message).toMatch(message);
    };
    const changed = <Value>(map: ReadonlyMap<string, Value>, name: string, value?: Value): Map<string, Value> => {
      const copy = new Map(map);
      if (value === undefined) copy.delete(name);
      else copy.set(name, value);
      return copy;
    };
    const tensor = { shape: [1], values: new Float32Array(1), trainable: true };
    await refused(
      { ...good, method: { ...good.method, name: 'other' } },
      /made by the method "other", not by "gradual-toy"/,
    );
    await refused({ ...good, method: { ...good.method, options: {} } }, /options \{\}, not with \{"sparsity":0.75\}/);
    await refused({ ...good, optimizer: null }, /saved without the optimizer/);
    await refused({ ...good, optimizer: { ...good.optimizer!, className: 'SGD' } }, /trained with SGD, not with Adam/);
    await refused({ ...good, optimizer: { ...good.optimizer!, powers: [] } }, /corrects its bias in another way/);
    await refused({ ...good, weights: changed(good.weights, 'head/bias') }, /no weights for head\/bias/);
    await refused({ ...good, weights: changed(good.weights, 'more', tensor) }, /weights for more belong to nothing/);
    await refused(
      { ...good, weights: changed(good.weights, 'head/bias', tensor) },
      /shape \[1\] there and \[3\] in the model/,
    );
    const counter = { ...good.weights.get('counter')!, trainable: true };
    await refused({ ...good, weights: changed(good.weights, 'counter', counter) }, /"counter" was trained then/);
    await refused({ ...good, masks: changed(good.masks, 'head/kernel') }, /no masks for head\/kernel/);
    await refused({ ...good, masks: changed(good.masks, 'head/kernel', Uint8Array.of(1)) }, /has 1 entries, not 24/);
    await refused({ ...good, slots: good.slots.slice(1) }, /no slots "m" for hidden\/kernel/);
    await refused({ ...good, slots: good.slots.map(slot => ({ ...slot, shape: [1] })) }, /slot "m" .* has shape \[1\]/);
    await refused(
      { ...good, snapshots: new Map([['s', { position: 0, weights: new Map() }]]) },
      /no weights for hidden\/kernel/,
    );
  });

  it('compares options as data, whatever the order of their keys', async () => {
    const good = await checkpointAfter(1, {
      ...(gradualToy() as PruningMethod),
      options: { a: 1, b: [{ c: 2, d: 3 }] },
    });
    const method = { ...(gradualToy() as PruningMethod), options: { b: [{ d: 3, c: 2 }], a: 1 } };
    (await resume(good, method)).dispose();
  });

  it('refuses masks and another seed as options', async () => {
    const good = await checkpointAfter(1);
    const options = { weights: model.weights, optimizer };
    await expect(PruningSession.resume(gradualToy(), { ...options, seed: 4 }, good)).rejects.toThrow(
      InvalidOptionError,
    );
    await expect(PruningSession.resume(gradualToy(), { ...options, masks: good.masks }, good)).rejects.toThrow(
      /"masks"/,
    );
    (await PruningSession.resume(gradualToy(), { ...options, seed: 3 }, good)).dispose();
  });

  it('refuses an optimizer that served other weights', async () => {
    const w = tf.tidy(() => tf.variable(tf.ones([1, 1])));
    optimizer.minimize(() => tf.sum(w), false, [w]);
    await expect(resume(await checkpointAfter(1))).rejects.toThrow(UnsupportedOptimizerError);
    w.dispose();
  });
});

describe('slots: reset', () => {
  it("returns all slots and Adam's bias correction to those of a new optimizer", async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor2d([1, 2], [1, 2])));
    const b = tf.tidy(() => tf.variable(tf.zeros([1])));
    const method: PruningMethod = {
      specification: 'v1',
      name: 'reset',
      citation: 'none',
      options: {},
      start: () => ({ state: null }),
      plan: ({ position }) => (position === 2 ? { observe: { kind: 'clock' } } : {}),
      decide: () => ({ state: null, slots: 'reset' }),
    };
    const loss = (): tf.Scalar => tf.add(tf.sum(tf.square(w)), tf.sum(b));
    const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer });
    for (let i = 0; i < 3; i++) await session.step(loss);
    const { slots, optimizer: stored } = await session.checkpoint();
    expect(slots.flatMap(({ values }) => [...values])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(stored).toEqual({ className: 'Adam', iterations: 3, powers: [Math.fround(0.9), Math.fround(0.999)] });
    // So the next step equals the first step of a new Adam from the same weights.
    const start = Array.from(await w.data());
    await session.step(loss);
    const fresh = tf.train.adam(0.01);
    const copy = tf.tidy(() => tf.variable(tf.tensor2d(start, [1, 2])));
    fresh.minimize(() => tf.sum(tf.square(copy)), false, [copy]);
    expect(Array.from(await w.data())).toEqual(Array.from(await copy.data()));
    session.dispose();
    disposeOptimizer(fresh);
    tf.dispose([w, b, copy]);
  });

  it("returns Adagrad's accumulator to its initial value, not to 0", async () => {
    disposeOptimizer(optimizer);
    optimizer = tf.train.adagrad(0.1, 0.25);
    const session = await PruningSession.start(alternatingToy(), { weights: model.weights, optimizer });
    for (let i = 0; i < 8; i++) await session.step(model.loss);
    const { slots } = await session.checkpoint();
    expect(slots.every(({ initial, values }) => initial === 0.25 && values.every(value => value === 0.25))).toBe(true);
    session.dispose();
  });
});
