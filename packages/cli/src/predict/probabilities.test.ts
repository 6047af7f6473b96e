import { expect, it } from 'vitest';
import { likeliest, scoringOf } from './probabilities.js';

it('makes probabilities of logits, of one sigmoid two, and leaves other numbers as they are', () => {
  // e^0 : e^ln3 = 1 : 3
  const logits = scoringOf({ kind: 'logits' }, 2);
  expect(logits.of).toBe('probabilities');
  const [no = 0, yes = 0] = logits.read(Float32Array.of(0, Math.log(3)));
  expect([no, yes].map(value => Math.round(value * 1e6) / 1e6)).toEqual([0.25, 0.75]);
  expect(logits.read(Float32Array.of(1000, 0))).toEqual([1, 0]); // nothing overflows
  const sigmoid = scoringOf({ kind: 'sigmoid' }, 1);
  expect([sigmoid.classes, sigmoid.read(Float32Array.of(0.75))]).toEqual([2, [0.25, 0.75]]);
  expect(scoringOf({ kind: 'sigmoid' }, 3)).toMatchObject({ classes: 3, of: 'probabilities' });
  expect(scoringOf({ kind: 'unknown' }, 2).of).toBe('scores');
  expect(scoringOf({ kind: 'logits' }, 1)).toMatchObject({ classes: 1, of: 'scores' });
});

it('sorts classes by their number, equal ones by their label', () => {
  expect(likeliest([0.2, 0.4, 0.4], ['a', 'b', 'c'], 2)).toEqual([
    { label: 1, name: 'b', value: 0.4 },
    { label: 2, name: 'c', value: 0.4 },
  ]);
  expect(likeliest([1, 2], ['a', 'b'], 9).map(({ name }) => name)).toEqual(['b', 'a']);
});
