import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import type { Reparameterization } from '../../src/method/reparameterization.js';
import { maskedWeightsAreZero } from '../../src/testing/contract/checks/contract-masking.js';
import type { ContractSetup } from '../../src/testing/contract/run/contract-run.js';
import { effectiveOf } from '../../src/tfjs/reparameterization/reparameterization-results.js';
import { ReparameterizedWeights } from '../../src/tfjs/reparameterization/reparameterized-weights.js';
import { feedbackToy, scoredToy, thresholdHook, thresholdToy } from '../toys/toy-hooked-methods.js';
import { check, momentum } from './rig.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => void vi.restoreAllMocks());

const hooked = (changes: Partial<Reparameterization>): PruningMethod => ({
  ...(thresholdToy() as PruningMethod),
  reparameterization: { ...thresholdHook, ...changes },
});
const pure = 'reparameterizes weights without side effects';

describe('the contract suite catches a method whose hook', () => {
  it('remembers something', async () => {
    const create = (): PruningMethod => {
      let calls = 0;
      return hooked({ effective: ({ mul }, raw) => mul(raw, 1 - 0.001 * calls++) });
    };
    await expect(check(pure, create)).rejects.toThrow(/effective weight" differ/);
    await expect(check('resumes from bytes', create)).rejects.toThrow(/raw weights|weights resumed/);
  });

  it('keeps a tensor', async () => {
    const kept: tf.Tensor[] = [];
    const create = (): PruningMethod =>
      hooked({
        effective: ({ mul }, raw) => {
          kept.push(tf.keep(tf.scalar(1)));
          return mul(raw, 1);
        },
      });
    await expect(check(pure, create)).rejects.toThrow(/the hook kept 1 tensors/);
    await expect(check('(I4)', create)).rejects.toThrow(/changed the number of tensors/);
    tf.dispose(kept);
  });

  it('disposes what it is given', async () => {
    const backward: Reparameterization['backward'] = (operations, inputs) => {
      const results = thresholdHook.backward(operations, inputs);
      (inputs.gradient as tf.Tensor).dispose();
      return results;
    };
    await expect(check(pure, () => hooked({ backward }))).rejects.toThrow(/disposed what it was given/);
  });

  it('makes infinite weights of finite ones', async () => {
    const effective: Reparameterization['effective'] = ({ exp, mul }, raw) => exp(mul(raw, 1e6));
    await expect(check(pure, () => hooked({ effective }))).rejects.toThrow(/effective weight is not finite/);
  });

  it('never ends, although the method promises a sparsity', async () => {
    const create = (): PruningMethod => ({ ...hooked({}), decide: (_, state) => ({ state }) });
    await expect(check('promises exactly', create)).rejects.toThrow(/72 of 72 entries are active/);
  });
});

describe('the contract suite catches a method that', () => {
  it('modifies the raw weights it is shown', async () => {
    const { decide, ...rest } = feedbackToy();
    const create = (): PruningMethod => ({
      ...(rest as PruningMethod),
      decide: (view, state) => {
        view.layers[0]?.raw?.fill(7);
        return decide(view, state as null);
      },
    });
    await expect(check('does not modify', create)).rejects.toThrow(/raw weights of "hidden\/kernel"/);
  });

  it('modifies the scores it is shown', async () => {
    const { decide, ...rest } = scoredToy();
    const create = (): PruningMethod => ({
      ...(rest as PruningMethod),
      decide: (view, state) => {
        view.layers[0]?.weightParameters?.scores?.fill(7);
        return decide(view, state as null);
      },
    });
    await expect(check('does not modify', create)).rejects.toThrow(/parameter "scores" of "hidden\/kernel"/);
  });

  it('sets scores by something that is not in its arguments', async () => {
    let calls = 0;
    const create = (): PruningMethod => ({
      ...(scoredToy() as PruningMethod),
      decide: ({ layers }, state) => ({
        state,
        weightParameters: new Map(
          layers.map(({ name, size }) => [name, { scores: new Float32Array(size).fill(calls++) }]),
        ),
      }),
    });
    await expect(check('host arrays alone', create)).rejects.toThrow(/the decision of step/);
  });

  it('sets parameters by something that is not in its arguments', async () => {
    let calls = 0;
    const create = (): PruningMethod => ({
      ...hooked({}),
      decide: ({ layers }, state) => ({
        state,
        parameters: new Map(layers.map(({ name }) => [name, { threshold: calls++ }])),
      }),
    });
    await expect(check('host arrays alone', create)).rejects.toThrow(/the decision of step/);
  });
});

it('the contract suite catches a session that masks the effective weights, but not the raw ones', async () => {
  vi.spyOn(ReparameterizedWeights.prototype, 'refresh').mockImplementation(function (
    this: ReparameterizedWeights,
    masks,
  ) {
    tf.tidy(() => {
      for (const layer of this.layers) {
        const { name, variable } = layer.weight;
        variable.assign(masks.where(name, effectiveOf(this.hook, layer)));
      }
    });
  });
  const create = (): PruningMethod => {
    const { decide, plan, ...rest } = thresholdToy() as PruningMethod;
    return {
      ...rest,
      plan: ({ position }) => (position === 1 ? { observe: { kind: 'weights' } } : {}),
      decide: ({ layers }, state) => ({
        state,
        masks: new Map(layers.map(({ name, size }) => [name, new Uint8Array(size).fill(1, 1)])),
      }),
    };
  };
  const setup: ContractSetup = { create, optimizer: momentum, steps: 4, seed: 7 };
  await expect(maskedWeightsAreZero(setup)).rejects.toThrow(
    /entry 0 of "hidden\/kernel" is masked, but its raw weight/,
  );
});
