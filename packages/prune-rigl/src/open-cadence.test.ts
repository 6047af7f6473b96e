import { layer, viewAt } from '@espalier/core/testing';
import { describe, expect, it } from 'vitest';
import { rigl, set } from './index.js';

const endless = { start: 2, end: Infinity, every: 3 };

describe('set and rigl', () => {
  it('move connections for ever under an endless cadence, with a constant fraction', () => {
    for (const method of [
      set({ sparsity: 0.5, cadence: endless }),
      rigl({ sparsity: 0.5, cadence: endless, anneal: 'constant' }),
    ]) {
      const due = [0, 1, 2, 3, 4, 5, 3_000_002].filter(
        position => method.plan({ step: position, position, round: 0 }, null).observe,
      );
      expect(due).toEqual([2, 5, 3_000_002]);
      expect(method.options).toMatchObject({ cadence: { start: 2, end: 'Infinity', every: 3 } });
    }
  });

  it('refuse an endless cadence where the fraction is to fall until its end', () => {
    expect(() => rigl({ sparsity: 0.5, cadence: endless })).toThrow(/"cadence.end" is Infinity.* anneal: 'constant'/);
    expect(() => set({ sparsity: 0.5, cadence: endless, anneal: { inversePower: 3 } })).toThrow(/cadence.end/);
  });

  it('check a schedule of fractions at each use, since not all positions can be tried', async () => {
    const method = set({ sparsity: 0.5, cadence: endless, dropFraction: position => position });
    const view = viewAt(2, layer('w', [1, 2, 0, 0], { mask: [1, 1, 0, 0] }));
    await expect(async () => method.decide(view, null)).rejects.toThrow(/dropFraction\(2\)/);
  });

  it('stop at the last multiple if the end is not included', () => {
    const method = set({ sparsity: 0.5, cadence: { start: 0, end: 7, every: 3, includeEnd: false } });
    const due = [0, 3, 6, 7].filter(position => method.plan({ step: position, position, round: 0 }, null).observe);
    expect(due).toEqual([0, 3, 6]);
  });
});
