import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import {
  maskedSlotsAreInitial,
  maskedWeightsAreZero,
  masksAreWhatWasDecided,
} from '../../src/testing/contract/checks/contract-masking.js';
import { rewindsToItsSnapshots } from '../../src/testing/contract/checks/contract-promises.js';
import { sumsAreThoseOfGradients } from '../../src/testing/contract/checks/contract-sums.js';
import type { ContractSetup } from '../../src/testing/contract/run/contract-run.js';
import { GradientSums } from '../../src/tfjs/optimizer/gradient-sums.js';
import { PruningSession } from '../../src/tfjs/session/session.js';
import { DeviceMasks } from '../../src/tfjs/weights/device-masks.js';
import { ticketToy } from '../toys/toy-methods.js';
import { summingToy } from '../toys/toy-summing-method.js';
import { gradual, momentum } from './rig.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => void vi.restoreAllMocks());

describe('the contract suite catches a session that', () => {
  const setup: ContractSetup = { create: gradual(), optimizer: momentum, steps: 12, seed: 7 };

  it('does not mask', async () => {
    vi.spyOn(DeviceMasks.prototype, 'where').mockImplementation((_, tensor) => tf.clone(tensor));
    await expect(maskedWeightsAreZero(setup)).rejects.toThrow(/I1/);
    await expect(maskedSlotsAreInitial(setup)).rejects.toThrow(/I2/);
  });

  it('masks the weights, but neither gradients nor slots', async () => {
    const { where } = DeviceMasks.prototype;
    vi.spyOn(DeviceMasks.prototype, 'where').mockImplementation(function (this: DeviceMasks, name, tensor, otherwise) {
      return tensor instanceof tf.Variable && !otherwise ? where.call(this, name, tensor) : tf.clone(tensor);
    });
    await expect(maskedWeightsAreZero(setup)).resolves.toBeUndefined();
    await expect(maskedSlotsAreInitial(setup)).rejects.toThrow(/I2/);
  });

  it('applies other masks than were decided', async () => {
    const begin: ContractSetup['begin'] = (method, options) =>
      PruningSession.start(
        {
          ...method,
          decide: async (view, state) => {
            const { masks, ...rest } = await method.decide(view, state);
            return { ...rest, masks: new Map([...(masks ?? [])].map(([name, mask]) => [name, mask.toReversed()])) };
          },
        },
        options,
      );
    await expect(masksAreWhatWasDecided({ ...setup, begin })).rejects.toThrow(/masks of/);
  });

  it('sums gradients at the weights after the update, forgets a step, or does not reset', async () => {
    const create = (): PruningMethod => summingToy() as unknown as PruningMethod;
    await expect(sumsAreThoseOfGradients({ ...setup, create })).resolves.toBeUndefined();
    const { add } = GradientSums.prototype;
    const late = vi.spyOn(GradientSums.prototype, 'add').mockImplementation(function (this: GradientSums, ...given) {
      given[3]();
      add.call(this, given[0], given[1], given[2], () => {});
    });
    await expect(sumsAreThoseOfGradients({ ...setup, create })).rejects.toThrow(/sum "gradientTimesWeight" of/);
    late.mockRestore();
    let step = 0;
    const forgetful = vi.spyOn(GradientSums.prototype, 'add').mockImplementation(function (
      this: GradientSums,
      ...given
    ) {
      if (step++ === 2) given[3]();
      else add.apply(this, given);
    });
    await expect(sumsAreThoseOfGradients({ ...setup, create })).rejects.toThrow(/has 4 steps, not 5/);
    forgetful.mockRestore();
    vi.spyOn(GradientSums.prototype, 'reset').mockImplementation(() => {});
    const again = (): PruningMethod => {
      const method = create();
      const plan: PruningMethod['plan'] = clock => {
        return method.plan({ ...clock, position: clock.position === 8 ? 6 : clock.position }, null);
      };
      return { ...method, plan };
    };
    await expect(sumsAreThoseOfGradients({ ...setup, create: again })).rejects.toThrow(/has 9 steps, not 2/);
  });

  it('does not restore the weights in a rewind', async () => {
    const create = (): PruningMethod => ticketToy() as unknown as PruningMethod;
    const begin: ContractSetup['begin'] = (method, options) =>
      PruningSession.start(
        {
          ...method,
          decide: async (view, state) => {
            const { rewind, ...rest } = await method.decide(view, state);
            return rewind ? { ...rest, rewind: { ...rewind, restore: 'position' } } : rest;
          },
        },
        options,
      );
    await expect(rewindsToItsSnapshots({ ...setup, create, begin })).rejects.toThrow(/weights after a rewind/);
    await expect(rewindsToItsSnapshots({ ...setup, create })).resolves.toBeUndefined();
  });
});
