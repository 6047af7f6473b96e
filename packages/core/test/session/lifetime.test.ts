import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, ShapeMismatchError, UnknownLayerError } from '../../src/errors/index.js';
import { fixed } from '../../src/method/fixed.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { maskOf } from '../../src/testing/mask-of.js';
import { SessionDisposedError } from '../../src/tfjs/errors.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import type { SessionOptions } from '../../src/tfjs/session/session-options.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { softThreshold, straightThrough } from '../toys/toy-hooks.js';
import { b, loss, masks, observeAt, optimizer, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

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
    await refused({ weightDecay: { rate: Number.NaN } }, /"weightDecay.rate" is NaN/);
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

  it.each(['clock', 'weights', 'gradients'] as const)('while %s are read drops the decision', async kind => {
    let decisions = 0;
    const decide: PruningMethod['decide'] = () => {
      decisions++;
      return { state: null, masks: masks('0001') };
    };
    const reparameterization = straightThrough('raw');
    for (const script of [{}, { reparameterization }]) {
      const method = scripted({ ...script, plan: observeAt(0, kind), decide });
      const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer });
      session.optimizer.minimize(loss);
      const settled = session.settle();
      session.dispose();
      await settled;
      expect(session.clock.step).toBe(0);
      expect(session.sparsity).toBe(0);
    }
    expect(decisions).toBeLessThanOrEqual(2);
  });

  it('while a decision is carried out keeps no tensor', async () => {
    const decide: PruningMethod['decide'] = () => ({ state: null, snapshot: 'now', masks: masks('0111') });
    const before = tf.memory().numTensors;
    const session = await PruningSession.start(scripted({ plan: observeAt(0, 'clock'), decide }), {
      weights: weightsOf({ w, b }),
      optimizer,
    });
    session.optimizer.minimize(loss);
    const settled = session.settle();
    while (session.clock.step === 0) await Promise.resolve();
    session.dispose();
    await settled;
    expect(tf.memory().numTensors).toBe(before);
  });

  it('while examples are observed ends their stream', async () => {
    let asked = 0;
    const decide: PruningMethod['decide'] = async ({ samples }) => {
      for await (const _ of samples ?? []) if (asked === 2) session.dispose();
      return { state: null };
    };
    const plan: PruningMethod['plan'] = () => ({ observe: { kind: 'samples', count: 100 } });
    const session: PruningSession = await PruningSession.start(scripted({ plan, decide }), {
      weights: weightsOf({ w, b }),
      optimizer,
      *exampleLosses(count) {
        for (; asked < count; asked++) yield loss;
      },
    });
    session.optimizer.minimize(loss);
    await session.settle();
    expect(asked).toBeLessThanOrEqual(3);
    expect(session.clock.step).toBe(0);
  });

  it('while a checkpoint is taken refuses it, since what is beneath the weights is gone', async () => {
    const method = scripted({ reparameterization: softThreshold(1) });
    const session = await PruningSession.start(method, { weights: weightsOf({ w, b }), optimizer });
    const checkpoint = session.checkpoint();
    session.dispose();
    await expect(checkpoint).rejects.toThrow(SessionDisposedError);
  });
});
