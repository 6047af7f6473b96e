import { guardTensors } from '@espalier/core/testing';
import '@tensorflow/tfjs-backend-cpu';
import { InvalidOptionError, ShapeMismatchError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Loss, sigmoidCrossEntropy, softmaxCrossEntropy } from '../loss.js';
import { meanAbsoluteError, topK } from '../usual-metrics.js';
import { balancedClassWeights } from './balanced-class-weights.js';
import { meanSquaredError } from './mean-squared-error.js';

guardTensors({ beforeEach, afterEach });

const lossOf = (
  loss: (outputs: tf.Tensor, labels: tf.Tensor) => tf.Tensor,
  outputs: number[][],
  labels: tf.TensorLike,
) => tf.tidy(() => loss(tf.tensor2d(outputs), tf.tensor(labels)).dataSync()[0]);
/** Gradient with respect to the outputs. */
const gradientOf = (loss: Loss, outputs: number[][], labels: tf.TensorLike) =>
  tf.tidy(() => [
    ...tf
      .grad(x => loss(x, tf.tensor(labels)))(tf.tensor2d(outputs))
      .dataSync(),
  ]);

describe('class weights', () => {
  // Two equal logits: every example has a loss of ln 2, whatever its weight. With (0, ln 3): ln 4 and ln 4/3.
  const ln3 = Math.log(3);

  it('make the weighted mean of the losses: (1 · ln 4 + 3 · ln 4/3) / 4', () => {
    const loss = softmaxCrossEntropy({ classWeights: [1, 3] });
    const outputs = [
      [0, ln3],
      [0, ln3],
    ];
    expect(lossOf(loss, outputs, [0, 1])).toBeCloseTo((Math.log(4) + 3 * Math.log(4 / 3)) / 4, 6);
    // of a distribution, the mean of the weights: (1 + 3) / 2 = 2 for the first, 3 for the second
    const halves = [
      [0.5, 0.5],
      [0, 1],
    ];
    const first = (Math.log(4) + Math.log(4 / 3)) / 2;
    expect(lossOf(loss, outputs, halves)).toBeCloseTo((2 * first + 3 * Math.log(4 / 3)) / 5, 6);
  });

  it('of sigmoids weigh labels of 0 and of 1: (2 · ln 4/3 + 1 · ln 4) / 3', () => {
    // logit −ln 3: the probability of 1 is 1/4
    const loss = sigmoidCrossEntropy({ classWeights: [2, 1] });
    expect(lossOf(loss, [[-ln3], [-ln3]], [0, 1])).toBeCloseTo((2 * Math.log(4 / 3) + Math.log(4)) / 3, 6);
  });

  it('that are all the same change nothing, nor does a scale', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.tuple(number, number, number), fc.integer({ min: 0, max: 2 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        fc.constantFrom(0, 0.1),
        (examples, scale, labelSmoothing) => {
          const [outputs, labels] = [examples.map(([logits]) => [...logits]), examples.map(([, label]) => label)];
          const plain = lossOf(softmaxCrossEntropy({ labelSmoothing }), outputs, labels);
          const weighted = softmaxCrossEntropy({ labelSmoothing, classWeights: [scale, scale, scale] });
          expect(lossOf(weighted, outputs, labels)).toBeCloseTo(plain ?? Number.NaN, 4);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('give no NaN for a batch whose examples weigh nothing, in the gradient neither', () => {
    const loss = softmaxCrossEntropy({ classWeights: [0, 1] });
    expect(lossOf(loss, [[1, 2]], [0])).toBe(0);
    expect(gradientOf(loss, [[1, 2]], [0]).map(Math.abs)).toEqual([0, 0]);
  });

  it('of another number than there are classes, negative or all 0 are refused', () => {
    expect(() => lossOf(softmaxCrossEntropy({ classWeights: [1, 2, 3] }), [[1, 2]], [0])).toThrow(InvalidOptionError);
    for (const classWeights of [[-1, 2], [0, 0], [], [Number.NaN, 1], 'balanced' as never]) {
      expect(() => softmaxCrossEntropy({ classWeights })).toThrow(InvalidOptionError);
      expect(() => sigmoidCrossEntropy({ classWeights })).toThrow(InvalidOptionError);
    }
    expect(() => sigmoidCrossEntropy({ classWeights: [1] })).toThrow(InvalidOptionError);
  });

  it('that are balanced are examples / (classes · count), and 1 for a class without any', () => {
    // 6 / (2 · 4), 6 / (2 · 2)
    expect(balancedClassWeights([4, 0, 2])).toEqual([0.75, 1, 1.5]);
    for (const wrong of [[], [0], [1.5], [-1, 2], 'ab' as never]) {
      expect(() => balancedClassWeights(wrong)).toThrow(InvalidOptionError);
    }
  });
});

it('smooths the labels of sigmoids towards 1/2: with ε = 0.2, 1 becomes 0.9', () => {
  // logit ln 3, p = 3/4: −0.9 ln 3/4 − 0.1 ln 1/4
  const expected = -0.9 * Math.log(3 / 4) - 0.1 * Math.log(1 / 4);
  expect(lossOf(sigmoidCrossEntropy({ labelSmoothing: 0.2 }), [[Math.log(3)]], [1])).toBeCloseTo(expected, 6);
});

describe('numbers that a model predicts', () => {
  it('have the mean squared and the mean absolute error: (4 + 0 + 1 + 9) / 4 and (2 + 0 + 1 + 3) / 4', () => {
    const [outputs, labels] = [[[1, 2], [3, 4]], [[3, 2], [2, 1]]]; // biome-ignore format: one line
    expect(lossOf(meanSquaredError(), outputs, labels)).toBe(3.5);
    expect(lossOf(meanAbsoluteError(), outputs, labels)).toBe(1.5);
    expect(gradientOf(meanSquaredError(), outputs, labels)).toEqual([-1, 0, 0.5, 1.5]); // 2 (x − y) / 4
    expect(() => lossOf(meanSquaredError(), outputs, [1, 2])).toThrow(ShapeMismatchError);
  });

  it('agree with the losses of TensorFlow.js', () => {
    const rows = fc.array(
      fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(rows, pairs => {
        const [outputs, labels] = [pairs.map(([x]) => [x]), pairs.map(([, y]) => y)];
        const oracle = (of: typeof tf.losses.meanSquaredError) =>
          lossOf((x, y) => of(tf.reshape(y, x.shape), x), outputs, labels) ?? Number.NaN;
        expect(lossOf(meanSquaredError(), outputs, labels)).toBeCloseTo(oracle(tf.losses.meanSquaredError), 3);
        expect(lossOf(meanAbsoluteError(), outputs, labels)).toBeCloseTo(oracle(tf.losses.absoluteDifference), 3);
      }),
      { numRuns: 40 },
    );
  });
});

it('top k counts the true class among the k largest, of equal ones the lower first', () => {
  const outputs = [[3, 1, 2], [1, 1, 1], [0, 5, 5]]; // biome-ignore format: one line
  // places of the true classes: 2nd largest; 3rd of equals; 2nd of equals
  const labels = [2, 2, 2];
  expect([1, 2, 3, 9].map(k => lossOf(topK(k), outputs, labels))).toEqual([0, 2 / 3, 1, 1].map(Math.fround));
  expect(lossOf(topK(1), [[3, 1, 2]], [[1, 0, 0]])).toBe(1);
  for (const k of [0, 1.5, Number.NaN]) expect(() => topK(k)).toThrow(InvalidOptionError);
});
