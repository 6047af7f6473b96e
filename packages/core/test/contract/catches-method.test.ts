import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidDecisionError } from '../../src/errors/index.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { ContractViolationError } from '../../src/testing/contract/run/contract-case.js';
import { gradualToy, ticketToy } from '../toys/toy-methods.js';
import { check, gradual } from './rig.js';

beforeAll(() => tf.setBackend('cpu'));

describe('the contract suite catches a method that', () => {
  it('keeps one entry too many', async () => {
    const { decide } = gradualToy();
    const method = gradual({
      decide: async (view, state) => {
        const decision = await decide(view, state as null);
        for (const mask of decision.masks?.values() ?? []) {
          mask[mask.indexOf(0)] = 1;
          break;
        }
        return decision;
      },
    });
    await expect(check('promises exactly', method)).rejects.toThrow(
      /19 of 72 entries are active; sparsity 0.75 needs 18/,
    );
  });

  it('promises a sparsity and never prunes', async () => {
    await expect(check('promises exactly', gradual({ plan: () => ({}) }))).rejects.toThrow(ContractViolationError);
  });

  it('rewinds, and has not kept its promise when it has passed the position for good', async () => {
    const promising = (sparsity: number) => (): PruningMethod => ({
      ...(ticketToy() as unknown as PruningMethod),
      target: { sparsity, position: 4 },
    });
    await expect(check('promises exactly', promising(0.75))).resolves.toBeUndefined();
    await expect(check('promises exactly', promising(0.5))).rejects.toThrow(/18 of 72 entries are active/);
  });

  it('draws from Math.random', async () => {
    const method = gradual({ start: () => ({ state: Math.random() }), decide: (_, state) => ({ state }) });
    await expect(check('Math.random', method)).rejects.toThrow(/Math.random was called 1 times/);
    await expect(check('repeats bit for bit', method)).rejects.toThrow(ContractViolationError);
  });

  it('remembers something outside its state', async () => {
    const create = (): PruningMethod => {
      let decisions = 0;
      const { decide, ...rest } = gradualToy();
      return {
        ...(rest as PruningMethod),
        decide: async (view, state) => (decisions++ === 0 ? decide(view, state as null) : { state }),
      };
    };
    await expect(check('everything it remembers in its state', create)).rejects.toThrow(ContractViolationError);
    await expect(check('resumes from bytes', create)).rejects.toThrow(ContractViolationError);
  });

  it('keeps in its state what JSON loses', async () => {
    const method = gradual({
      start: () => ({ state: { limit: Number.POSITIVE_INFINITY } }),
      plan: (_, state) => ((state as { limit: number }).limit ? {} : { observe: { kind: 'weights' } }),
      decide: (_, state) => ({ state }),
    });
    // The session itself refuses it, when the decision is made.
    await expect(check('everything it remembers in its state', method)).rejects.toThrow(InvalidDecisionError);
  });

  it('plans differently when asked twice', async () => {
    let asked = 0;
    const method = gradual({
      plan: () => (asked++ % 2 ? { observe: { kind: 'clock' } } : {}),
      decide: () => ({ state: null }),
    });
    await expect(check('without side effects', method)).rejects.toThrow(/plan gave/);
  });

  it('modifies its state while planning', async () => {
    const method = gradual({
      start: () => ({ state: { count: 0 } }),
      plan: (_, state) => {
        (state as { count: number }).count++;
        return {};
      },
    });
    await expect(check('without side effects', method)).rejects.toThrow(/modified the state/);
  });

  it.each(['weights', 'mask'] as const)('modifies the %s it is shown', async field => {
    const method = gradual({
      decide: ({ layers }) => {
        layers[0]![field][3] = field === 'mask' ? 0 : 42;
        return { state: null };
      },
    });
    await expect(check('does not modify', method)).rejects.toThrow(/which the method modified/);
  });

  it('modifies the sums it is shown', async () => {
    const method = gradual({
      plan: () => ({ accumulate: ['gradient'], observe: { kind: 'clock', sums: true } }),
      decide: ({ layers }) => {
        layers[0]!.sums!.gradient![3] = 42;
        return { state: null };
      },
    });
    await expect(check('does not modify', method)).rejects.toThrow(
      /which the method modified, of "sum gradient of "hidden\/kernel""/,
    );
  });

  it('has options that are not plain data', async () => {
    const options = { schedule: () => 0 } as unknown as PruningMethod['options'];
    await expect(check('says what it is', gradual({ options }))).rejects.toThrow(/not plain data/);
  });

  it('has no name', async () => {
    await expect(check('says what it is', gradual({ name: '' }))).rejects.toThrow(/no name/);
  });

  it('decides by something that is not in its arguments', async () => {
    let decisions = 0;
    const method = gradual({
      decide: ({ layers }) => ({
        state: null,
        masks: new Map(layers.map(({ name, size }) => [name, new Uint8Array(size).fill(1).fill(0, 0, decisions++)])),
      }),
    });
    await expect(check('host arrays alone', method)).rejects.toThrow(ContractViolationError);
  });
});
