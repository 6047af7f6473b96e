import '@tensorflow/tfjs-backend-cpu';
import { guardTensors } from '@espalier/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sigmoidDivergence, softmaxDivergence } from './divergence.js';
import { relativeError } from './relative-error.js';

guardTensors({ beforeEach, afterEach });

const value = (compute: () => tf.Tensor): number => tf.tidy(() => compute().dataSync()[0] as number);
const row = (...logits: number[]): tf.Tensor2D => tf.tensor2d([logits]);

it('softens both distributions by the temperature', () => {
  // Teacher softmax([ln 3, 0]) = [3/4, 1/4], student [1/2, 1/2]:
  // 3/4 ln(3/4 · 2) + 1/4 ln(1/4 · 2) = 0.304099 − 0.173287 = 0.130812.
  const [student, teacher] = [(): tf.Tensor => row(0, 0), (): tf.Tensor => row(2 * Math.log(3), 0)];
  expect(value(() => softmaxDivergence(student(), teacher(), 2))).toBeCloseTo(0.130812, 5);
  // One unit with the logit ln 3 says the same as those two.
  expect(value(() => sigmoidDivergence(row(0), row(2 * Math.log(3)), 2))).toBeCloseTo(0.130812, 5);
});

const logits = fc.array(fc.float({ min: -60, max: 60, noNaN: true }), { minLength: 3, maxLength: 3 });

it('agrees with sums of p ln(p / q), and is 0 only between equals', () => {
  fc.assert(
    fc.property(logits, logits, fc.double({ min: 0.5, max: 8, noNaN: true }), (a, b, temperature) => {
      const soften = (all: number[]): number[] => {
        const powers = all.map(one => Math.exp((one - Math.max(...all)) / temperature));
        const sum = powers.reduce((total, one) => total + one, 0);
        return powers.map(one => one / sum);
      };
      const [p, q] = [soften(b), soften(a)];
      const expected = p.reduce((sum, one, i) => sum + (one > 0 ? one * Math.log(one / (q[i] as number)) : 0), 0);
      const found = value(() => softmaxDivergence(row(...a), row(...b), temperature));
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-4 * Math.max(1, expected));
      expect(value(() => softmaxDivergence(row(...a), row(...a), temperature))).toBe(0);
      expect(value(() => sigmoidDivergence(row(...a), row(...a), temperature))).toBe(0);
      const each = a.reduce((sum, one, i) => {
        return sum + value(() => softmaxDivergence(row(one, 0), row(b[i] as number, 0), temperature));
      }, 0);
      const units = value(() => sigmoidDivergence(row(...a), row(...b), temperature));
      expect(Math.abs(units - each)).toBeLessThanOrEqual(1e-4 * Math.max(1, each));
    }),
  );
});

it('measures features beside the size of the taught ones', () => {
  // ((3 - 1)² + (4 - 4)²) / (1² + 4²) = 4 / 17
  expect(value(() => relativeError(row(3, 4), row(1, 4)))).toBeCloseTo(4 / 17, 6);
  expect(value(() => relativeError(row(0, 0), row(1, 4)))).toBeCloseTo(1, 6);
  expect(value(() => relativeError(row(0, 0), row(0, 0)))).toBe(0);
});

it('has the gradient of the mean square, beside the size of the taught features', () => {
  tf.tidy(() => {
    const [x, target] = [tf.randomNormal([5, 7], 0, 1, 'float32', 1), tf.randomNormal([5, 7], 0, 1, 'float32', 2)];
    const plain = tf.grad(of => tf.div(tf.sum(tf.square(tf.sub(of, target))), tf.sum(tf.square(target))));
    const found = tf.grad(of => tf.mul(relativeError(of, target), 3))(x);
    expect(tf.max(tf.abs(tf.sub(found, tf.mul(plain(x), 3)))).dataSync()[0]).toBeLessThan(1e-6);
  });
});
