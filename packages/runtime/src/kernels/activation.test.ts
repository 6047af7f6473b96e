import { beforeAll, describe, expect, it } from 'vitest';
import { activate as exact } from '../../test/graph/activations.js';
import { loadEngines, run } from '../../test/kernels/engines.js';
import type { Engine } from '../engine/engine.js';
import { vectorAt } from '../engine/tensor.js';
import { type Activation, plainActivations } from '../graph/activation.js';
import { activate } from './elementwise.js';
import { writeFloats } from './write-record.js';

const infinite = Number.POSITIVE_INFINITY;

const all: readonly Activation[] = [
  ...plainActivations,
  { kind: 'rectifier', slope: 0.1, threshold: 0, maximum: infinite },
  { kind: 'rectifier', slope: 0, threshold: 0.5, maximum: 4 },
  { kind: 'rectifier', slope: -0.25, threshold: -1, maximum: 2 },
  { kind: 'elu', alpha: 0.7 },
  { kind: 'hardSigmoid', slope: 0.2, offset: 0.5 },
];

/** Numbers from -130 to 130, closer to each other near 0, and some of every size near it. */
const numbers = Float32Array.from([
  ...Array.from({ length: 20_001 }, (_, i) => 130 * ((i - 10_000) / 10_000) ** 3),
  ...Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 10 ** (-i / 16)),
]);

const special = Float32Array.of(Number.NaN, infinite, -infinite, 0, -0, 3.4e38, -3.4e38);

describe.each([0, 1])('with instruction set %i', index => {
  let engine: Engine;
  beforeAll(async () => {
    engine = (await loadEngines())[index]!;
  });
  const of = (activation: Activation, values: Float32Array): Float32Array => {
    const vector = vectorAt(writeFloats(engine.heap, values), values.length);
    run(engine, activate(engine, activation, vector, vector));
    return engine.heap.floats(vector.address, values.length).slice();
  };

  it.each(all)('%j is that of double precision to a millionth over the whole range', activation => {
    const results = of(activation, numbers);
    // The tail of the normal curve is e to the square of x, whose rounding counts as often, and the hard sigmoid has a
    // difference that is 0 somewhere: there the error is small beside 1. Elsewhere it is small beside the result.
    const name = typeof activation === 'string' ? activation : activation.kind;
    const least = ['gelu', 'geluTanh', 'hardSigmoid'].includes(name) ? 0.1 : 1e-9;
    let worst = 0;
    for (const [at, x] of numbers.entries()) {
      const expected = Math.fround(exact(x, activation));
      const error = Math.abs(results[at]! - expected) / Math.max(Math.abs(expected), least);
      if (results[at] !== expected) worst = Math.max(worst, error);
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it.each(all)('%j of NaN, infinities, zeros and the largest numbers is what its formula gives', activation => {
    const expected = [...special].map(x => Math.fround(exact(x, activation)));
    const results = of(activation, special);
    for (const [at, x] of special.entries()) {
      // The cube of the largest numbers and their products with 0 are infinite or NaN in single precision alone.
      if (Math.abs(x) > 1e38 && x < infinite && x > -infinite) expect(Number.isNaN(results[at])).toBe(false);
      else if (!Object.is(results[at], expected[at])) expect(Math.abs(results[at]! - expected[at]!)).toBeLessThan(1e-6);
    }
  });
});
