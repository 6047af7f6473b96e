import { EspalierError, global, keptCount, type LayerView, uniform, withRules } from '@espalier/core';
import { layer as layerOf, viewAt } from '@espalier/core/testing';
import { tensorOperations } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { movement } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const cadence = { start: 10, end: 30, every: 8 };

/** A layer as a session shows it: what is beneath, its scores, and the mask over it. */
function layer(name: string, raw: number[], scores: number[], mask = raw.map(() => 1)): LayerView {
  const beneath = { raw: Float32Array.from(raw), weightParameters: { scores: Float32Array.from(scores) } };
  return { ...layerOf(name, raw, { mask }), ...beneath };
}

describe('movement', () => {
  it('keeps the largest scores, whatever the weights are and what was masked', async () => {
    // 2 of 4 stay in each layer: scores 3 and 1 of a, of which 1 was masked; −1 and −2 of b.
    const a = layer('a', [9, -9, 0.1, 0.2], [-3, 0, 3, 1], [1, 1, 1, 0]);
    const b = layer('b', [9, 8, 7, 6], [-1, -4, -3, -2]);
    const { masks } = await movement({ sparsity: 0.5, cadence }).decide(viewAt(30, a, b), null);
    expect([...(masks ?? [])].map(([, mask]) => [...mask])).toEqual([
      [0, 0, 1, 1],
      [1, 0, 0, 1],
    ]);
    const ranked = await movement({ sparsity: 0.5, cadence, distribution: global }).decide(viewAt(30, a, b), null);
    expect([...(ranked.masks ?? [])].map(([, mask]) => [...mask])).toEqual([
      [0, 1, 1, 1],
      [1, 0, 0, 0],
    ]);
  });

  it('raises the scores of weights that move away from 0, and lets masked weights stay still', async () => {
    // W = (2, −2, 3), ∂L/∂W' = (−1, −1, 4), the last one masked: ∂L/∂S = (−2, 2, 12). A step against it raises the
    // first score alone: that weight grows (2 → 2 + γ), the second shrinks, and the third would.
    const results = async (trainMasked: boolean): Promise<number[][]> => {
      const { reparameterization } = movement({ sparsity: 0.5, cadence, trainMasked });
      const [raw, gradient, mask] = [tf.tensor1d([2, -2, 3]), tf.tensor1d([-1, -1, 4]), tf.tensor1d([1, 1, 0])];
      const inputs = { raw, gradient, mask, parameters: { scores: tf.zeros([3]) } };
      const { raw: first, parameters } = reparameterization!.backward<tf.Tensor>(tensorOperations, inputs);
      return Promise.all([first, parameters!.scores!].map(async tensor => [...(await tensor.data())]));
    };
    expect(await results(false)).toEqual([
      [-1, -1, 0],
      [-2, 2, 12],
    ]);
    expect((await results(true))[0]).toEqual([-1, -1, 4]);
  });

  it('keeps the exact count, and no score below one that it masks', async () => {
    const entries = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 2, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(entries, fc.double({ min: 0, max: 0.95, noNaN: true }), async (scores, sparsity) => {
        const view = viewAt(
          30,
          layer(
            'w',
            scores.map(() => 1),
            scores,
          ),
        );
        const mask = (await movement({ sparsity, cadence }).decide(view, null)).masks?.get('w');
        const kept = scores.filter((_, i) => mask?.[i]);
        expect(kept).toHaveLength(keptCount(scores.length, sparsity));
        expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(-Infinity, ...scores.filter((_, i) => !mask?.[i])));
      }),
    );
  });

  it('observes weights at the cadence only, and applies the last mask for good', async () => {
    const method = movement({ sparsity: 0.5, cadence });
    const due = Array.from({ length: 60 }, (_, position) => position).filter(
      position => method.plan({ step: position, position, round: 0 }, null).observe,
    );
    expect(due).toEqual([10, 18, 26, 30]);
    const decided = due.map(async position => method.decide(viewAt(position, layer('w', [1, 2], [1, 2])), null));
    expect((await Promise.all(decided)).map(({ bake }) => bake ?? false)).toEqual([false, false, false, true]);
    expect(method.target).toEqual({ sparsity: 0.5, position: 30 });
    const distribution = withRules(uniform, { dense: ['w'] });
    expect(movement({ sparsity: 0.5, cadence, distribution }).target).toBeUndefined();
  });

  it.each([
    { sparsity: 1, cadence },
    { sparsity: 0.5, cadence, trainMasked: 1 },
    { sparsity: 0.5, cadence, distribution: 'uniform' },
    { sparsity: 0.5, cadence, initialSparsity: 0.6 },
    { sparsity: 0.5, cadence, learnMasked: true },
  ])('refuses %j when it is created', options => {
    expect(() => movement(options as never)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});
