import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkpointAfter, model, optimizer, resume, useAdamRig } from '../../test/session/adam-rig.js';
import { alternatingToy, gradualToy, ticketToy } from '../../test/toys/toy-methods.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { toyModel } from '../testing/toy-model.js';
import { readPowers } from './optimizer/adam-powers.js';
import { disposeOptimizer } from './optimizer/dispose-optimizer.js';
import { PruningSession } from './session/session.js';

useAdamRig();

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
});
