import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise } from '../../../test/kernels/host-image.js';
import { POINTS, pointsFor, transformWeights } from './transform-weights.js';

describe('weights in Winograd form', () => {
  it('are values of the polynomial over Lagrange denominators, and its last coefficient', () => {
    // 1 + 2x + 3x² + 4x³ at 0, 1, −1, 2, −2, 1/2: 1, 10, −2, 49, −23, 13/4. The products of (point − others):
    // −2, 1·2·(−1)·3·(1/2) = −3, (−1)(−2)(−3)(1)(−3/2) = 9, 2·1·3·4·(3/2) = 36, (−2)(−3)(−1)(−4)(−5/2) = −60,
    // (1/2)(−1/2)(3/2)(−3/2)(5/2) = 45/32. At infinity 4.
    const expected = [-1 / 2, -10 / 3, -2 / 9, 49 / 36, 23 / 60, (13 / 4) * (32 / 45), 4];
    const actual = transformWeights([1, 2, 3, 4]);
    expect(actual).toHaveLength(POINTS);
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 14);
  });

  it('of fewer than four are 0 at infinity, and nowhere else for all weights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(), (taps, seed) => {
        const values = transformWeights([...noise(taps, seed)]);
        const used = values.filter(value => value !== 0).length;
        expect(used).toBe(pointsFor(taps));
      }),
    );
  });
});
