import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { check, gradual } from './rig.js';

beforeAll(() => tf.setBackend('cpu'));

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
