import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkpointAfter, model, optimizer, resume, useAdamRig } from '../../test/session/adam-rig.js';
import { gradualToy } from '../../test/toys/toy-methods.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { CheckpointMismatchError } from '../errors/checkpoint-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import { UnsupportedOptimizerError } from '../errors/session-errors.js';
import type { PruningMethod } from '../method/pruning-method.js';
import { PruningSession } from './session/session.js';

useAdamRig();

describe('resume', () => {
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
