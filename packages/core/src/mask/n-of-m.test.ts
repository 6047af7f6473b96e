import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { global, uniform, withRules } from '../distribution/index.js';
import { EspalierError, InvalidOptionError, NonFiniteScoreError, StructureMismatchError } from '../errors/index.js';
import { selectMasks } from '../selection/select-masks.js';
import { activeMagnitude, countOnes, nOfM, type Structure } from './index.js';

/** Indices of every group along the axis, by its definition: all other indices fixed, `m` consecutive ones along it. */
function groupsOf(shape: readonly number[], axis: number, m: number): number[][] {
  const size = shape.reduce((product, length) => product * length, 1);
  const groups = new Map<string, number[]>();
  for (let i = 0; i < size; i++) {
    const indices: number[] = [];
    let rest = i;
    for (const length of [...shape].reverse()) {
      indices.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    indices[axis] = Math.floor((indices[axis] ?? 0) / m);
    const key = indices.join();
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  return [...groups.values()];
}

const layer = (name: string, shape: number[], weights: number[], mask = weights.map(() => 1)) => ({
  name,
  shape,
  size: weights.length,
  weights: Float32Array.from(weights),
  mask: Uint8Array.from(mask),
});

describe('nOfM', () => {
  it('keeps the two largest of every four inputs of a dense kernel, for each output', () => {
    // [in, out] = [4, 2], row-major: output 0 scores 4 3 2 1 (inputs 0 and 1 stay), output 1 scores 1 2 3 4 (2 and 3).
    expect([...nOfM(2, 4)(Float32Array.of(4, 1, 3, 2, 2, 3, 1, 4), 4, [4, 2])]).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
  });

  it('groups input channels of one pixel and one output in an HWIO kernel', () => {
    // [h, w, in, out] = [1, 2, 4, 1]: the pixels' scores are 1 2 3 4 and 8 7 6 5, each cut by itself.
    expect([...nOfM(2, 4)(Float32Array.of(1, 2, 3, 4, 8, 7, 6, 5), 4, [1, 2, 4, 1])]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('equals cutting the kernel in output, height, width, input order into fours, if inputs are a multiple of four', () => {
    // Peste et al.'s code (docs/methods/acdc.md): weights permuted to O, H, W, I, flattened, consecutive groups of 4, 2
    // largest stay.
    const [height, width, inputs, outputs] = [3, 2, 8, 5] as const;
    const size = height * width * inputs * outputs;
    const scores = Float32Array.from({ length: size }, (_, i) => (i * 7919) % 1009);
    const mask = nOfM(2, 4)(scores, size / 2, [height, width, inputs, outputs]);
    const order = Array.from({ length: size }, (_, k) => {
      const [o, pixel, i] = [Math.floor(k / (height * width * inputs)), Math.floor(k / inputs), k % inputs];
      return ((pixel % (height * width)) * inputs + i) * outputs + o;
    });
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
    for (let k = 0; k < size; k += 4) {
      const group = order.slice(k, k + 4).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
      expect(group.map(index => mask[index])).toEqual([1, 1, 0, 0]);
    }
  });

  it('keeps exactly n of each group and never drops a score larger than one it keeps, on any shape and axis', () => {
    const shapes = fc.record({
      before: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
      groups: fc.integer({ min: 1, max: 3 }),
      after: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      m: fc.integer({ min: 2, max: 6 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      seed: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 7, maxLength: 40 }),
      negative: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ before, groups, after, m, share, seed, negative }) => {
        const n = 1 + Math.min(m - 2, Math.floor(share * (m - 1)));
        const shape = [...before, groups * m, ...after];
        const size = shape.reduce((product, length) => product * length, 1);
        const scores = Float32Array.from({ length: size }, (_, i) => seed[i % seed.length] ?? 0);
        const axis = negative ? -1 - after.length : before.length;
        const mask = nOfM(n, m, { axis })(scores, (size / m) * n, shape);
        for (const group of groupsOf(shape, before.length, m)) {
          // Larger first, then the lower index.
          const ranked = [...group].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
          expect(ranked.map(i => mask[i])).toEqual(ranked.map((_, rank) => (rank < n ? 1 : 0)));
        }
      }),
    );
  });

  it('has a name for reports and the sparsity of its pattern', () => {
    expect([nOfM(2, 4).name, nOfM(2, 4).sparsity]).toEqual(['2:4', 0.5]);
    expect([nOfM(1, 4, { axis: 0 }).name, nOfM(1, 4).sparsity]).toEqual(['1:4 along axis 0', 0.75]);
  });

  it('does not modify the scores, and works on a view into a larger buffer', () => {
    const buffer = Float32Array.of(9, 1, 2, 3, 4, 9);
    expect([...nOfM(2, 4)(buffer.subarray(1, 5), 2, [4, 1], 'w')]).toEqual([0, 0, 1, 1]);
    expect([...buffer]).toEqual([9, 1, 2, 3, 4, 9]);
  });

  it('leaves a layer dense that the distribution keeps whole, whatever its shape', () => {
    expect([...nOfM(2, 4)(Float32Array.of(1, 2, 3), 3, [3, 1])]).toEqual([1, 1, 1]);
  });

  it('leaves what no group holds active if asked to, with exactly that count', () => {
    // [in, out] = [6, 1]: of 1 2 3 4 the inputs 2 and 3 stay, and the rest, 5 6. uniform asks for 3, 4 stay.
    const structure = nOfM(2, 4, { rest: 'dense' });
    expect([...structure(Float32Array.of(1, 2, 3, 4, 5, 6), 3, [6, 1])]).toEqual([0, 0, 1, 1, 1, 1]);
    expect([...structure(Float32Array.of(1, 2, 3, 4, 5, 6), 4, [6, 1])]).toEqual([0, 0, 1, 1, 1, 1]);
    // Shorter than a group: dense. [3, 3, 3, 8]: 216 entries, uniform asks for 108.
    expect(countOnes(structure(new Float32Array(216), 108, [3, 3, 3, 8]))).toBe(216);
    // [2, 1, 7, 3] under 1:3: of 7 inputs two groups keep one each, and one is left over: 6 lines of 3, 18 in all.
    expect(countOnes(nOfM(1, 3, { rest: 'dense' })(new Float32Array(42), 14, [2, 1, 7, 3]))).toBe(18);
    expect([structure.name, structure.sparsity, structure.partial]).toEqual(['2:4, rest dense', 0.5, true]);
    expect(() => structure(new Float32Array(6), 2, [6, 1])).toThrow(/keeps 4 of its 6 entries.* asks for 2/);
    expect(() => nOfM(2, 4, { rest: 'sparse' as never })).toThrow(InvalidOptionError);
  });

  it('is the same with and without a dense rest where there is none', () => {
    const scores = Float32Array.from({ length: 96 }, (_, i) => (i * 37) % 97);
    const shape = [2, 1, 8, 6];
    expect(nOfM(2, 4, { rest: 'dense' })(scores, 48, shape)).toEqual(nOfM(2, 4)(scores, 48, shape));
  });

  it('refuses a dimension that is no multiple of m, naming the layer and the remedy', () => {
    const conv1 = (): Uint8Array => nOfM(2, 4)(new Float32Array(27 * 8), 108, [3, 3, 3, 8], 'conv1/kernel');
    expect(conv1).toThrow(StructureMismatchError);
    expect(conv1).toThrow(/"conv1\/kernel" .*2:4\. Axis -2 of its shape \[3, 3, 3, 8\] .*withRules/);
  });

  it('refuses an axis that the shape does not have', () => {
    expect(() => nOfM(2, 4)(new Float32Array(8), 4, [8])).toThrow(/\[8\] has no axis -2/);
    expect(() => nOfM(2, 4, { axis: 2 })(new Float32Array(8), 4, [4, 2])).toThrow(/has no axis 2/);
  });

  it('refuses a count that the pattern does not have', () => {
    expect(() => nOfM(2, 4)(new Float32Array(8), 3, [4, 2])).toThrow(/keeps 4 of its 8 entries.* asks for 3/);
  });

  it('refuses NaN, naming layer and index', () => {
    expect(() => nOfM(1, 2)(Float32Array.of(1, Number.NaN), 1, [2, 1], 'w')).toThrow(NonFiniteScoreError);
  });

  it.each([
    [0, 4],
    [4, 4],
    [5, 4],
    [1.5, 4],
    [1, 1],
    [1, Number.NaN],
  ])('refuses the pattern %d:%d', (n, m) => {
    expect(() => nOfM(n, m)).toThrow(InvalidOptionError);
  });

  it('refuses an axis that is not an integer', () => {
    expect(() => nOfM(2, 4, { axis: 0.5 })).toThrow(/axis/);
  });
});

describe('selectMasks with a structure', () => {
  it('gives every layer the pattern, and dense layers of the distribution none', () => {
    const layers = [layer('a', [3, 1], [1, 2, 3]), layer('b', [4, 1], [4, -3, 2, 1])];
    const dense = withRules(uniform, { dense: ['a'] });
    const masks = selectMasks(layers, activeMagnitude, 0.5, dense, { structure: nOfM(2, 4) });
    expect([...masks].map(([name, mask]) => [name, ...mask])).toEqual([
      ['a', 1, 1, 1],
      ['b', 1, 1, 0, 0],
    ]);
  });

  it('asks for uniform when a ranking over all layers gives a layer another count', () => {
    const layers = [layer('a', [4, 1], [9, 8, 7, 1]), layer('b', [4, 1], [6, 5, 4, 3])];
    const select = (): unknown => selectMasks(layers, activeMagnitude, 0.5, global, { structure: nOfM(2, 4) });
    expect(select).toThrow(expect.toSatisfy(EspalierError.isInstance)); // counts 3 and 1
    expect(select).toThrow(/"a" cannot have the structure 2:4.*uniform and the sparsity 0\.5/);
  });

  it('never revives a masked entry unless asked to, even if a group has fewer than n active ones', () => {
    const layers = [layer('a', [4, 1], [0, 0, 0, 5], [0, 0, 0, 1])];
    const structure = nOfM(2, 4);
    const bits = (revive: boolean): number[] => [
      ...(selectMasks(layers, activeMagnitude, 0.5, uniform, { structure, revive }).get('a') ?? []),
    ];
    expect(bits(false)).toEqual([0, 0, 0, 1]);
    expect(bits(true)).toEqual([1, 0, 0, 1]); // masked entries score −1 each, so the lowest index joins
  });

  it('gives a structure the scores, the count of the distribution, the shape and the name', () => {
    const calls: unknown[] = [];
    const structure: Structure = (scores, count, shape, name) => {
      calls.push([[...scores], count, shape, name]);
      return new Uint8Array(scores.length).fill(1);
    };
    const masks = selectMasks([layer('a', [4, 1], [4, -3, 2, 1])], activeMagnitude, 0.75, uniform, { structure });
    expect(calls).toEqual([[[4, 3, 2, 1], 1, [4, 1], 'a']]);
    expect(countOnes(masks.get('a') ?? new Uint8Array())).toBe(4);
  });
});
