import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { global, uniform } from '../distribution/index.js';
import { InvalidOptionError, NonFiniteScoreError } from '../errors/index.js';
import { selectMasks } from '../selection/select-masks.js';
import { activeMagnitude, countOnes, keepTop, keptCount } from './index.js';
import { countTop } from './select.js';

const scores = fc.float32Array({ noNaN: true, maxLength: 64 });

/** The same selection by sorting: larger first, then lower index; −0 equals 0. */
function keepTopBySorting(values: Float32Array, count: number): number[] {
  const order = [...values.keys()].sort((i, j) => (values[i]! > values[j]! ? -1 : values[i]! < values[j]! ? 1 : i - j));
  const kept = new Set(order.slice(0, count));
  return [...values.keys()].map(i => (kept.has(i) ? 1 : 0));
}

describe('keepTop', () => {
  it('equals sorting, on any scores with infinities, signed zeros and ties', () => {
    const tied = fc.array(fc.constantFrom(-Infinity, -1, -0, 0, 1e-45, 1, 3.4e38, Infinity), { maxLength: 64 });
    fc.assert(
      fc.property(
        fc.oneof(
          scores,
          tied.map(values => Float32Array.from(values)),
        ),
        fc.nat(70),
        (values, count) => {
          expect([...keepTop(values, count)]).toEqual(keepTopBySorting(values, count));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('works on a view into a larger buffer', () => {
    expect([...keepTop(Float32Array.of(9, 1, 2, 3, 9).subarray(1, 4), 2)]).toEqual([0, 1, 1]);
  });

  it('breaks ties towards the lower index', () => {
    expect([...keepTop(Float32Array.of(1, 1, 1, 1), 2)]).toEqual([1, 1, 0, 0]);
    expect([...keepTop(Float32Array.of(-0, 0), 1)]).toEqual([1, 0]);
  });

  it('refuses NaN, naming layer and index', () => {
    expect(() => keepTop(Float32Array.of(1, Number.NaN), 1, 'conv/kernel')).toThrow(NonFiniteScoreError);
    expect(() => keepTop(Float32Array.of(1, Number.NaN), 1, 'conv/kernel')).toThrow(/Score 1 of "conv\/kernel"/);
  });
});

describe('countTop', () => {
  it('counts what one ranking over the joined parts would keep', () => {
    fc.assert(
      fc.property(fc.array(scores, { maxLength: 5 }), fc.nat(200), (parts, count) => {
        const mask = keepTopBySorting(Float32Array.from(parts.flatMap(part => [...part])), count);
        let offset = 0;
        const expected = parts.map(part => {
          const ones = mask.slice(offset, offset + part.length).reduce((sum, bit) => sum + bit, 0);
          offset += part.length;
          return ones;
        });
        expect(countTop(parts, count)).toEqual(expected);
      }),
    );
  });
});

describe('keptCount', () => {
  // max(1, round(n (1 − s))): 1000·0.1 = 100; 10·0.05 = 0.5 → 1; 3·0.01 = 0.03 → 0 → 1; 7·0.5 = 3.5 → 4; 5·0.5 = 2.5 →
  // 3 (2 in Python).
  it.each([
    [1000, 0.9, 100],
    [10, 0.95, 1],
    [3, 0.99, 1],
    [7, 0.5, 4],
    [5, 0, 5],
    [5, 0.5, 3],
    [0, 0.5, 0],
  ])('keeps of %i entries at sparsity %d exactly %i', (size, sparsity, kept) => {
    expect(keptCount(size, sparsity)).toBe(kept);
  });

  it.each([1, -0.1, 90, Number.NaN])('magnitude M10: refuses the sparsity %s', sparsity => {
    expect(() => keptCount(10, sparsity)).toThrow(InvalidOptionError);
  });
});

describe('selectMasks', () => {
  const layer = (name: string, weights: number[], mask = weights.map(() => 1)) => ({
    name,
    shape: [weights.length],
    size: weights.length,
    weights: Float32Array.from(weights),
    mask: Uint8Array.from(mask),
  });

  it('magnitude M10: keeps all entries at sparsity 0', () => {
    const masks = selectMasks([layer('a', [0, 0, 1])], activeMagnitude, 0, global);
    expect([...masks.get('a')!]).toEqual([1, 1, 1]);
  });

  it('never revives a masked entry, even when the sparsity asked for is lower than the present one', () => {
    const arbitrary = fc.array(fc.record({ w: fc.float({ noNaN: true }), m: fc.nat(1) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(arbitrary, arbitrary, fc.double({ min: 0, max: 0.99, noNaN: true }), (a, b, sparsity) => {
        const layers = [a, b].map((entries, i) =>
          layer(
            `l${i}`,
            entries.map(({ w, m }) => (m ? w : 0)),
            entries.map(({ m }) => m),
          ),
        );
        for (const distribution of [uniform, global]) {
          const masks = selectMasks(layers, activeMagnitude, sparsity, distribution);
          for (const { name, mask } of layers) expect(masks.get(name)!.every((bit, i) => bit <= mask[i]!)).toBe(true);
        }
      }),
    );
  });

  it('revives by score when asked to', () => {
    const masked = layer('a', [5, 1, 0], [0, 1, 1]);
    const masks = selectMasks([masked], ({ weights }) => weights.map(Math.abs), 0.5, global, { revive: true });
    expect([...masks.get('a')!]).toEqual([1, 1, 0]); // round(3 · 0.5) = 2 of |5|, |1|, |0|
  });

  it('names the layer whose score is NaN', () => {
    expect(() => selectMasks([layer('a', [1]), layer('b', [Number.NaN])], activeMagnitude, 0.5, uniform)).toThrow(
      /"b"/,
    );
  });

  it('gives masks with exactly as many ones as the distribution returned', () => {
    fc.assert(
      fc.property(scores, scores, fc.double({ min: 0, max: 0.99, noNaN: true }), (a, b, sparsity) => {
        const layers = [layer('a', [...a]), layer('b', [...b])];
        const kept = global(
          layers.map(l => ({ ...l, scores: activeMagnitude(l) })),
          sparsity,
        );
        const masks = selectMasks(layers, activeMagnitude, sparsity, global);
        for (const { name } of layers) expect(countOnes(masks.get(name)!)).toBe(kept.get(name));
      }),
    );
  });
});
