import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

it.each([
  ['weight_decay', ['weightDecay', 'seed'], 'weightDecay'], // the same letters
  ['normalise', ['normalize'], 'normalize'], // British spelling
  ['sparcity', ['sparsity', 'cadence'], 'sparsity'], // one letter of eight
  ['bias', ['rate', 'biases', 'normalization'], 'biases'], // two of four are too many, but nothing else begins so
  ['norm', ['normalize', 'normalization'], undefined], // two begin so
  ['st', ['step'], undefined], // too short to say
  ['every', ['rate', 'biases'], undefined],
])('for %s of %j: %s', (written, known, meant) => {
  expect(nearestName(written, known)).toBe(meant);
});
