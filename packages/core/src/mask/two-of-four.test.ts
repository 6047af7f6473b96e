import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, StructureMismatchError } from '../errors/index.js';
import { compressTwoOfFour, expandTwoOfFour, nOfM } from './index.js';

describe('compressTwoOfFour', () => {
  it('packs a dense kernel: values by output, four bits a group, the first index lowest', () => {
    // [in, out] = [8, 2]. Output 0: 0 5 0 7 | 1 2 0 0, places 1, 3 and 0, 1: 1101 and 0100, one byte 0100 1101 = 77.
    // Output 1: 3 0 0 4 | 0 0 6 8, places 0, 3 and 2, 3: 1100 and 1110, one byte 1110 1100 = 236.
    const kernel = Float32Array.of(0, 3, 5, 0, 0, 0, 7, 4, 1, 0, 2, 0, 0, 6, 0, 8);
    const packed = compressTwoOfFour(kernel, [8, 2]);
    expect(packed).toMatchObject({ rows: 2, columns: 8, axis: -2 });
    expect([...packed.values]).toEqual([5, 7, 1, 2, 3, 4, 6, 8]);
    expect([...packed.indices]).toEqual([77, 236]);
  });

  it('puts inputs innermost and pixels around them, and fills a last half byte with zeros', () => {
    // [height, width, in, out] = [1, 3, 4, 1]: three groups of one row. Places 0, 2 (1000), 1, 2 (1001), 0, 1 (0100).
    const kernel = Float32Array.of(1, 0, 2, 0, 0, 3, 4, 0, 5, 6, 0, 0);
    const packed = compressTwoOfFour(kernel, [1, 3, 4, 1]);
    expect([...packed.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...packed.indices]).toEqual([0b10011000, 0b0100]);
  });

  it('takes zeros at the lowest free places where a group has fewer than two nonzeros', () => {
    const one = compressTwoOfFour(Float32Array.of(0, 0, 0, 9), [4, 1]);
    expect([[...one.values], one.indices[0]]).toEqual([[0, 9], 0b1100]); // places 0 and 3
    const none = compressTwoOfFour(new Float32Array(4), [4, 1]);
    expect([[...none.values], none.indices[0]]).toEqual([[0, 0], 0b0100]); // places 0 and 1
  });

  it('comes back as it was, for every shape, either axis and any mask of two in four', () => {
    const cases = fc.record({
      before: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      groups: fc.integer({ min: 1, max: 4 }),
      outputs: fc.integer({ min: 1, max: 5 }),
      axis: fc.constantFrom<-1 | -2>(-1, -2),
      seed: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 50 }),
    });
    fc.assert(
      fc.property(cases, ({ before, groups, outputs, axis, seed }) => {
        const shape = [...before, ...(axis === -2 ? [4 * groups, outputs] : [outputs, 4 * groups])];
        const size = shape.reduce((product, length) => product * length, 1);
        const values = Float32Array.from({ length: size }, (_, i) => (seed[(i * 7) % seed.length] ?? 0) + i / 1000);
        const mask = nOfM(2, 4, { axis })(values.map(Math.abs), size / 2, shape);
        const kernel = values.map((value, i) => (mask[i] ? value : 0));
        const packed = compressTwoOfFour(kernel, shape, { axis });
        expect(packed.values.length).toBe(size / 2);
        expect(expandTwoOfFour(packed)).toEqual(kernel);
        for (const byte of packed.indices) {
          // The values that PTX calls invalid: both indices alike.
          const pairs = packed.columns % 8 === 0 ? [byte & 15, byte >> 4] : [byte & 15];
          for (const pair of pairs) expect([0b0000, 0b0101, 0b1010, 0b1111]).not.toContain(pair);
        }
      }),
    );
  });

  it('refuses three in four, and inputs that are no multiple of four', () => {
    expect(() => compressTwoOfFour(Float32Array.of(1, 2, 0, 3), [4, 1])).toThrow(StructureMismatchError);
    expect(() => compressTwoOfFour(Float32Array.of(1, 2, 0, 3), [4, 1])).toThrow(/output 0 hold 3 nonzeros/);
    expect(() => compressTwoOfFour(new Float32Array(6), [6, 1])).toThrow(/\[6, 1\] is no multiple of 4/);
  });

  it('refuses values, shapes and axes that do not belong together', () => {
    expect(() => compressTwoOfFour(new Float32Array(3), [4, 1])).toThrow(InvalidOptionError);
    expect(() => compressTwoOfFour(new Float32Array(4), [4])).toThrow(/at least two positive integers/);
    expect(() => compressTwoOfFour(new Float32Array(4), [4, 1], { axis: 0 as never })).toThrow(/axis/);
    const packed = compressTwoOfFour(new Float32Array(4), [4, 1]);
    for (const change of [{ shape: [8, 1] }, { indices: new Uint8Array(2) }, { axis: 0 as never }, { shape: [2, 2] }])
      expect(() => expandTwoOfFour({ ...packed, ...change })).toThrow(InvalidOptionError);
    expect(() => expandTwoOfFour(null as never)).toThrow(InvalidOptionError);
  });
});
