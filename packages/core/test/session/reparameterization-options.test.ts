import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, ShapeMismatchError } from '../../src/errors/index.js';
import type { Reparameterization } from '../../src/method/reparameterization.js';
import { disposeOptimizer } from '../../src/tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import { weightsOf } from '../../src/tfjs/weights/weights-of.js';
import { softThreshold } from '../toys/toy-hooks.js';
import { b, loss, optimizer, replace, scripted, useRig, w, withSession } from './rig.js';

useRig();

describe('a session refuses a reparameterization', () => {
  const started = async (changes: Partial<Reparameterization>): Promise<void> => {
    const method = scripted({ reparameterization: { ...softThreshold(1), ...changes } });
    await withSession(method, {}, session => session.step(loss).then(() => {}));
  };
  const declares = (...parameters: object[]): Partial<Reparameterization> => ({
    parameters: () => parameters as unknown as ReturnType<NonNullable<Reparameterization['parameters']>>,
  });

  it.each<[string, Partial<Reparameterization>, unknown]>([
    ['with an unknown masking', { masking: 'both' as 'raw' }, /"method.reparameterization.masking" is "both"/],
    ['with a parameter without name', declares({ name: '', initial: 0, decay: 0 }), /name/],
    ['with a parameter twice', declares(...Array(2).fill({ name: 'a', initial: 0, decay: 0 })), /only once/],
    ['that starts at infinity', declares({ name: 'a', initial: Number.NEGATIVE_INFINITY, decay: 0 }), /a\.initial/],
    ['with a negative decay', declares({ name: 'a', initial: 0, decay: -1 }), /a\.decay" is -1/],
    ['without a decay', declares({ name: 'a', initial: 0 }), InvalidOptionError],
    ['with an array for one number', declares({ name: 'a', initial: new Float32Array(4), decay: 0 }), /a\.initial/],
    ['with a "perWeight" of yes', declares({ name: 'a', perWeight: 'yes', initial: 0, decay: 0 }), /a\.perWeight/],
    [
      'with too few numbers for a parameter per weight',
      declares({ name: 'a', perWeight: true, initial: new Float32Array(3), decay: 0 }),
      ShapeMismatchError,
    ],
    [
      'with a list for a parameter per weight',
      declares({ name: 'a', perWeight: true, initial: [1, 2, 3, 4], decay: 0 }),
      /one for each entry/,
    ],
    [
      'with a parameter per weight that starts at infinity',
      declares({ name: 'a', perWeight: true, initial: Float32Array.of(1, 2, Infinity, 4), decay: 0 }),
      InvalidOptionError,
    ],
    [
      'whose parameter per weight has one gradient for all',
      {
        ...declares({ name: 'threshold', perWeight: true, initial: 0, decay: 0 }),
        backward: ({ sum }, { gradient }) => ({ raw: gradient, parameters: { threshold: sum(gradient) } }),
      },
      /gradient of "threshold" of "w" has shape \[\]/,
    ],
    ['whose effective weight has another shape', { effective: ({ sum }, raw) => sum(raw) }, ShapeMismatchError],
    ['whose gradient has another shape', { backward: ({ sum }, { raw }) => ({ raw: sum(raw) }) }, ShapeMismatchError],
    ['that returns nothing', { effective: () => undefined as never }, InvalidOptionError],
    ['that forgets a parameter', { backward: (_, { gradient }) => ({ raw: gradient }) }, /also for "threshold" of "w"/],
    [
      'whose parameter has as many gradients as the weight',
      { backward: (_, { gradient }) => ({ raw: gradient, parameters: { threshold: gradient } }) },
      /gradient of "threshold" of "w" has shape \[2, 2\]/,
    ],
  ])('%s', async (_, changes, error) => {
    await expect(started(changes)).rejects.toThrow(error as RegExp);
  });
});

it('a second session may not begin with the optimizer of one that was not baked', async () => {
  disposeOptimizer(optimizer);
  replace({ optimizer: tf.train.momentum(1, 0.5) });
  const options = { weights: weightsOf({ w, b }), optimizer };
  await withSession(scripted({ reparameterization: softThreshold(1) }), {}, session =>
    session.step(loss).then(() => {}),
  );
  await expect(PruningSession.start(scripted({}), options)).rejects.toThrow(/slots of other weights already/);
});
