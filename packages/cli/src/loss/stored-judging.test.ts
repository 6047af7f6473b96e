import type { Checkpoint } from '@espalier/core';
import { expect, it } from 'vitest';
import { storedJudging, unjudged } from './stored-judging.js';

const trained = (recipe: unknown): Checkpoint => ({ metadata: { recipe } }) as unknown as Checkpoint;
const none = { loss: undefined, metric: undefined };

it('takes what has a name, and tells of functions of its own instead of running them', () => {
  const former = storedJudging(trained({ loss: '/a/focal.mjs#soft', metric: ['top5', '/a/mine.mjs'] }));
  expect(former).toEqual({ ownLoss: '/a/focal.mjs#soft', metric: ['top5'], ownMetrics: ['/a/mine.mjs'] });
  expect(unjudged(former, none)).toEqual([
    expect.stringContaining('/a/focal.mjs#soft'),
    expect.stringContaining('/a/mine.mjs'),
  ]);
  expect(unjudged(former, { loss: 'cross-entropy', metric: ['accuracy'] })).toEqual([]);
});

it.each([
  [undefined],
  [{}],
  [{ loss: 3, metric: 'x' }],
  [{ loss: 'nonsense', metric: [1] }],
  [{ loss: 'cross-entropy', metric: ['accuracy'] }],
])('says nothing of a recipe with %j', recipe => {
  expect(unjudged(storedJudging(trained(recipe)), none)).toEqual([]);
});
