import { expect, test } from 'vitest';
import { samePadding } from './padding.js';

// TensorFlow's note on padding: total = max((ceil(n / s) - 1) * s + (k - 1) * d + 1 - n, 0), the odd place last.
test.each([
  { size: [224, 224], window: [7, 7], strides: [2, 2], expected: [2, 3, 2, 3] }, // (112 - 1) * 2 + 7 - 224 = 5
  { size: [7, 5], window: [3, 3], strides: [1, 1], expected: [1, 1, 1, 1] }, // 6 + 3 - 7 = 2
  { size: [7, 8], window: [3, 3], strides: [2, 2], expected: [1, 1, 0, 1] }, // 6 + 3 - 7 = 2; 6 + 3 - 8 = 1
  { size: [9, 9], window: [1, 1], strides: [3, 3], expected: [0, 0, 0, 0] }, // 6 + 1 - 9 < 0
  { size: [6, 6], window: [2, 3], strides: [1, 1], dilations: [2, 2], expected: [1, 1, 2, 2] }, // 5 + 3 - 6; 5 + 5 - 6
] as const)('same padding of $size by $window with stride $strides is TensorFlow’s', row => {
  const { top, bottom, left, right } = samePadding(
    row.size,
    row.window,
    row.strides,
    'dilations' in row ? row.dilations : [1, 1],
  );
  expect([top, bottom, left, right]).toEqual(row.expected);
});
