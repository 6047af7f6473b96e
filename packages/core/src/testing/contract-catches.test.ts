import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PruningMethod } from '../method/pruning-method.js';
import { DeviceMasks } from '../tfjs/device-masks.js';
import { PruningSession } from '../tfjs/session.js';
import { ContractViolationError } from './contract-case.js';
import { maskedSlotsAreInitial, maskedWeightsAreZero, masksAreWhatWasDecided } from './contract-masking.js';
import { rewindsToItsSnapshots } from './contract-promises.js';
import type { ContractSetup } from './contract-run.js';
import { methodContract } from './method-contract.js';
import { dropGrowToy, gradualToy, ticketToy } from './toy-methods.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => void vi.restoreAllMocks());

const momentum = (): tf.Optimizer => tf.train.momentum(0.05, 0.9);

/** Runs the one case whose name contains the words. */
function check(words: string, create: () => PruningMethod, optimizer: () => tf.Optimizer = momentum): Promise<void> {
  const found = methodContract(create, { optimizers: { it: optimizer }, steps: 12 }).filter(({ name }) =>
    name.includes(words),
  );
  expect(found.map(({ name }) => name)).toHaveLength(1);
  return found[0]!.run();
}

const gradual = (changes: Partial<PruningMethod> = {}) => {
  return (): PruningMethod => ({ ...(gradualToy() as PruningMethod), ...changes });
};

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
    await expect(check('state of plain data', create)).rejects.toThrow(ContractViolationError);
    await expect(check('resumes from bytes', create)).rejects.toThrow(ContractViolationError);
  });

  it('keeps in its state what JSON loses', async () => {
    const method = gradual({
      start: () => ({ state: { limit: Number.POSITIVE_INFINITY } }),
      plan: (_, state) => ((state as { limit: number }).limit ? {} : { observe: { kind: 'weights' } }),
      decide: (_, state) => ({ state }),
    });
    await expect(check('state of plain data', method)).rejects.toThrow(ContractViolationError);
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

/** Momentum with one fault. */
class Faulty extends tf.MomentumOptimizer {
  constructor(readonly fault: (variables: readonly string[], optimizer: Faulty) => void) {
    super(0.05, 0.9);
  }
  override applyGradients(gradients: Parameters<tf.MomentumOptimizer['applyGradients']>[0]): void {
    super.applyGradients(gradients);
    this.fault(Array.isArray(gradients) ? gradients.map(({ name }) => name) : Object.keys(gradients), this);
  }
}

const variableOf = (name: string): tf.Variable => tf.engine().registeredVariables[name]!;
const faulty = (fault: (variables: readonly string[], optimizer: Faulty) => void) => () => new Faulty(fault);

describe('the contract suite catches an optimizer that', () => {
  it('writes to the weights after its update', async () => {
    const late = faulty(([first]) =>
      queueMicrotask(() => tf.tidy(() => void variableOf(first!).assign(tf.onesLike(variableOf(first!))))),
    );
    await expect(check('exactly 0 (I1)', gradual(), late)).rejects.toThrow(/is masked, but its weight is 1/);
  });

  it('lets its slots drift', async () => {
    const drifting = faulty((_, optimizer) => {
      const { accumulations } = optimizer as unknown as { accumulations: { variable: tf.Variable }[] };
      for (const { variable } of accumulations) tf.tidy(() => void variable.assign(tf.add(variable, 0.5)));
    });
    await expect(check('(I2)', gradual(), drifting)).rejects.toThrow(
      /slot "momentum" of "hidden\/kernel" is masked, but holds/,
    );
  });

  it('leaks a tensor a step', async () => {
    const leaked: tf.Tensor[] = [];
    const leaking = faulty(() => void leaked.push(tf.keep(tf.scalar(1))));
    await expect(check('(I4)', gradual(), leaking)).rejects.toThrow(/changed the number of tensors/);
    await expect(check('works in LayersModel.fit', gradual(), leaking)).rejects.toThrow(/tensors are left after fit/);
    tf.dispose(leaked);
  });

  it('has state that it does not expose', async () => {
    const hidden = (): tf.Optimizer => {
      let updates = 0;
      return new Faulty((_, optimizer) => optimizer.setLearningRate(0.05 / ++updates));
    };
    await expect(check('(I5)', gradual(), hidden)).rejects.toThrow(/weights resumed after step 1/);
  });

  it('is changed by being looked at', async () => {
    class Shy extends tf.SGDOptimizer {
      override getWeights(): ReturnType<tf.SGDOptimizer['getWeights']> {
        this.setLearningRate(0.2);
        return super.getWeights();
      }
    }
    await expect(check('(I6)', gradual(), () => new Shy(0.1))).rejects.toThrow(/weights with nothing masked/);
  });

  it('differs from run to run', async () => {
    let runs = 0;
    const differing = (): tf.Optimizer => tf.train.sgd(0.1 / ++runs);
    await expect(check('same seed (I7)', gradual(), differing)).rejects.toThrow(/of a second run/);
  });
});

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

describe('methodContract', () => {
  it('has 9 cases for the method, and 9 for each optimizer', () => {
    expect(methodContract(dropGrowToy, { optimizers: { a: momentum, b: momentum } })).toHaveLength(9 + 2 * 9);
  });

  it('gives every case a name of its own', () => {
    const names = methodContract(gradualToy).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses to check nothing', () => {
    expect(() => methodContract(gradualToy, { optimizers: {} })).toThrow(/at least one optimizer/);
  });
});
