import { uniform } from '@espalier/core';
import { layer } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { oneShotWoodFisher } from '../src/index.js';
import { fisherMatrix, inverseOf } from './oracles.js';
import { sampledAt } from './samples.js';

/*
 * L(w) = ½ (w − w*)ᵀ H (w − w*) at its minimum w*. With H = λI + Σ hₙhₙᵀ and gₙ = √N hₙ the empirical Fisher matrix is
 * H.
 */
const damping = 0.25;
const directions = [
  [1, 0.5, 0, -0.25],
  [0, 1, 0.75, 0],
  [0.5, 0, -1, 1],
];
const hessian = [0, 1, 2, 3].map(i =>
  [0, 1, 2, 3].map(j => directions.reduce((sum, h) => sum + h[i]! * h[j]!, i === j ? damping : 0)),
);
const samples = directions.map(h => ({ w: h.map(value => value * Math.sqrt(directions.length)) }));
const minimum = [0.5, -1, 0.125, 0.75];

const lossAt = (w: readonly number[]): number =>
  0.5 *
  hessian.reduce(
    (sum, row, i) => sum + (w[i]! - minimum[i]!) * row.reduce((s, h, j) => s + h * (w[j]! - minimum[j]!), 0),
    0,
  );

/** Weights after pruning to `kept` of the four. */
async function pruned(kept: number, compensation = 1): Promise<number[]> {
  const method = oneShotWoodFisher({
    sparsity: 1 - kept / 4,
    samples: 3,
    blockSize: 4,
    damping,
    compensation,
    distribution: uniform,
  });
  const { weights, masks } = await method.decide(sampledAt(0, [layer('w', minimum)], samples), null);
  return [...weights!.get('w')!].map((w, i) => (masks!.get('w')![i] ? w : 0));
}

describe('on a quadratic loss at its minimum', () => {
  it('woodfisher W4: removing one weight gives the constrained minimizer, and the loss rises by w²/(2A)', async () => {
    const after = await pruned(3);
    const q = after.indexOf(0);
    const others = [0, 1, 2, 3].filter(i => i !== q);
    // Minimize over the others with w_q = 0: δ_K = H_KK⁻¹ H_Kq w_q, independent of the inverse of the whole H.
    const part = inverseOf(others.map(i => others.map(j => hessian[i]![j]!)));
    others.forEach((i, row) => {
      const shift = part[row]!.reduce((sum, a, column) => sum + a * hessian[others[column]!]![q]! * minimum[q]!, 0);
      expect(after[i]).toBeCloseTo(minimum[i]! + shift, 6);
    });
    const diagonal = inverseOf(hessian).map((row, i) => row[i]!);
    const rises = minimum.map((w, i) => w ** 2 / (2 * diagonal[i]!));
    expect(rises.indexOf(Math.min(...rises))).toBe(q);
    expect(lossAt(after)).toBeCloseTo(rises[q]!, 6);
  });

  it('woodfisher W4: with several removed the summed shifts help where the removed are hardly coupled', async () => {
    // Entries 0 and 1 are strongly coupled, so are 2 and 3; the pairs only weakly. One of each pair goes.
    const gradients = [
      [2, 1.8, 0.1, 0],
      [0, 0.1, 1.8, 2],
    ];
    const weights = [0.9, 0.2, 0.3, 0.8];
    const riseWith = async (compensation: number): Promise<number> => {
      const method = oneShotWoodFisher({ sparsity: 0.5, samples: 2, damping, compensation, distribution: uniform });
      const decision = await method.decide(
        sampledAt(
          0,
          [layer('w', weights)],
          gradients.map(w => ({ w })),
        ),
        null,
      );
      expect([...decision.masks!.get('w')!]).toEqual([1, 0, 0, 1]);
      const shift = weights.map((w, i) => decision.weights!.get('w')![i]! - w);
      const curvature = fisherMatrix(gradients, damping);
      return (
        0.5 * curvature.reduce((sum, row, i) => sum + shift[i]! * row.reduce((s, f, j) => s + f * shift[j]!, 0), 0)
      );
    };
    expect(await riseWith(1)).toBeLessThan(0.8 * (await riseWith(0)));
  });

  it('woodfisher W4: the summed shifts are not the optimum: two that are strongly coupled are made up for twice', async () => {
    // The known weakness of the published update; 0.198 with it and 0.170 without, computed from the same example.
    expect(lossAt(await pruned(2))).toBeGreaterThan(lossAt(await pruned(2, 0)));
  });

  it('woodfisher W6: without compensation the survivors keep their weights', async () => {
    const after = await pruned(2, 0);
    expect(after.filter(w => w !== 0)).toEqual(minimum.filter((_, i) => after[i] !== 0));
    expect(after.filter(w => w !== 0)).toHaveLength(2);
  });
});
