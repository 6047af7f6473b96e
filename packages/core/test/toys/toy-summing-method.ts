import { global } from '../../src/distribution/global.js';
import type { PruningMethod } from '../../src/method/pruning-method.js';
import { selectMasks } from '../../src/selection/select-masks.js';

/**
 * Lets the session sum g·w and |g|: the least |Σ g·w| are pruned after position 4, those with the least Σ |g| after 6,
 * where the sums begin anew.
 */
export function summingToy(): PruningMethod<{ readonly summed: number; readonly slots: readonly number[] }> {
  return {
    specification: 'v1',
    name: 'summing-toy',
    citation: 'none',
    options: {},
    target: { sparsity: 0.5, position: 6 },
    start: () => ({ state: { summed: 0, slots: [] } }),
    plan: ({ position }) => ({
      accumulate: ['gradientTimesWeight', 'absoluteGradient'],
      ...(position === 4 || position === 6 ? { observe: { kind: 'clock', sums: true, slots: true } } : {}),
    }),
    decide: ({ layers, clock, summedSteps }) => {
      const slots = layers.flatMap(layer => Object.values(layer.slots ?? {}).map(([first = 0]) => first));
      const state = { summed: summedSteps?.absoluteGradient ?? 0, slots };
      if (clock.position === 4) {
        const sensitivity = ({ sums }: (typeof layers)[number]): Float32Array =>
          (sums?.gradientTimesWeight ?? new Float32Array(0)).map(Math.abs);
        return { state, masks: selectMasks(layers, sensitivity, 0.25, global) };
      }
      const slope = ({ sums }: (typeof layers)[number]): Float32Array => sums?.absoluteGradient ?? new Float32Array(0);
      return { state, masks: selectMasks(layers, slope, 0.5, global), sums: 'reset' };
    },
  };
}
