import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../test/kernels/close.js';
import { loadEngines, run } from '../../test/kernels/engines.js';
import { noise, sparseNoise } from '../../test/kernels/host-image.js';
import { activate } from '../../test/kernels/reference-convolution.js';
import type { Engine } from '../engine/engine.js';
import { allocateVector, vectorAt } from '../engine/tensor.js';
import { dense } from './dense.js';
import { softmax } from './softmax.js';
import { writeFloats } from './write-record.js';

describe.each([0, 1])('with instruction set %i', index => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await loadEngines())[index]!;
  });

  describe('a dense layer', () => {
    it('is what a slow loop gives, for any size and density', () => {
      const sizes = fc.record({
        inputs: fc.integer({ min: 1, max: 70 }),
        outputs: fc.integer({ min: 1, max: 40 }),
        density: fc.constantFrom(0, 0.05, 0.2, 0.5, 1),
        activation: fc.constantFrom('linear' as const, 'relu' as const, 'relu6' as const),
        biased: fc.boolean(),
      });
      fc.assert(
        fc.property(sizes, ({ inputs, outputs, density, activation, biased }) => {
          const [x, kernel, bias] = [noise(inputs, 1), sparseNoise(inputs * outputs, density, 2), noise(outputs, 3)];
          const [input, output] = [vectorAt(writeFloats(engine.heap, x), inputs), allocateVector(engine.heap, outputs)];
          run(engine, dense(engine, { kernel, activation, ...(biased && { bias }) }, input, output));
          const expected = Array.from({ length: outputs }, (_, m) => {
            let sum = biased ? bias[m]! : 0;
            for (let k = 0; k < inputs; k++) sum += x[k]! * kernel[k * outputs + m]!;
            return activate(sum, activation);
          });
          expectClose(engine.heap.floats(output.address, outputs), expected);
        }),
        { numRuns: 120 },
      );
    });

    it('passes NaN on through relu, but not past a weight of zero of a sparse kernel', () => {
      const kernel = new Float32Array(20);
      kernel[0] = 1;
      kernel[3] = 1;
      const input = vectorAt(writeFloats(engine.heap, [Number.NaN, 2, 0, 0, 0, 0, 0, 0, 0, 0]), 10);
      const output = allocateVector(engine.heap, 2);
      run(engine, dense(engine, { kernel, activation: 'relu' }, input, output));
      expect([...engine.heap.floats(output.address, 2)]).toEqual([Number.NaN, 2]);
    });
  });

  describe('softmax', () => {
    const of = (values: ArrayLike<number>): number[] => {
      const output = allocateVector(engine.heap, values.length);
      run(engine, softmax(engine, vectorAt(writeFloats(engine.heap, values), values.length), output));
      return [...engine.heap.floats(output.address, values.length)];
    };

    it('is within 1e-6 of the exact one, also for numbers whose exponential is too large or too small to write', () => {
      const vectors = fc.array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 1, maxLength: 50 });
      fc.assert(
        fc.property(vectors, numbers => {
          const values = Float32Array.from(numbers);
          const most = Math.max(...values);
          const powers = [...values].map(value => Math.exp(value - most));
          const sum = powers.reduce((a, b) => a + b, 0);
          const errors = of(values).map((value, i) => Math.abs(value - powers[i]! / sum));
          expect(Math.max(...errors)).toBeLessThan(1e-6);
        }),
      );
    });

    it('is NaN throughout when there is a NaN or an infinity, as in TensorFlow.js', () => {
      expect(of([1, Number.NaN, 2])).toEqual([Number.NaN, Number.NaN, Number.NaN]);
      expect(of([1, Infinity])[1]).toBeNaN();
      expect(of([1, -Infinity])).toEqual([1, 0]);
    });
  });
});
