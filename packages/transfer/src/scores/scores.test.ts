import { expect, it } from 'vitest';
import { scorePredictions } from './scores.js';

it('transfer T6: tells top-1 from mean per class on an imbalanced set', () => {
  // Eight of class 0, six right; two of class 1, none right; class 2 has no example and does not count.
  // Top-1: 6 / 10. Mean per class: (6/8 + 0/2) / 2 = 0.375.
  const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
  const predictions = [0, 0, 0, 0, 0, 0, 1, 2, 0, 2];
  expect(scorePredictions(predictions, labels, 3)).toEqual({ top1: 0.6, meanPerClass: 0.375 });
});

it('gives the same number for both if classes have as many examples', () => {
  expect(scorePredictions([0, 1, 1, 1], [0, 0, 1, 1], 2)).toEqual({ top1: 0.75, meanPerClass: 0.75 });
});

it('refuses labels that are no classes, and lists that do not fit', () => {
  expect(() => scorePredictions([0], [2], 2)).toThrow(expect.objectContaining({ option: 'labels[0]' }));
  expect(() => scorePredictions([0], [0, 1], 2)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  expect(() => scorePredictions([], [], 2)).toThrow(expect.objectContaining({ option: 'labels' }));
});
