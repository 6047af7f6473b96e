import { expect, it } from 'vitest';
import { type EpochScore, resultOf, runOf } from './result.js';

const epoch = (index: number, top1: number, meanPerClass: number): EpochScore => ({
  epoch: index,
  learningRate: 0.1,
  loss: 1,
  top1,
  meanPerClass,
});
const history = [epoch(0, 0.5, 0.6), epoch(1, 0.7, 0.4), epoch(2, 0.7, 0.6), epoch(3, 0.6, 0.5)];

it('takes the earliest of the best epochs in the metric of the task', () => {
  expect(runOf(1, history, 'top-1').bestOnTest.epoch).toBe(1);
  expect(runOf(1, history, 'mean-per-class').bestOnTest.epoch).toBe(0);
  expect(runOf(1, history, 'top-1').final.epoch).toBe(3);
});

it('averages the last epochs and the best ones apart', () => {
  const runs = [runOf(1, history, 'top-1'), runOf(2, [epoch(0, 0.9, 0.9)], 'top-1')];
  const { final, bestOnTest } = resultOf('full', { name: 'a', metric: 'top-1' }, runs);
  expect(final.top1.mean).toBeCloseTo(0.75, 12); // 0.6 and 0.9
  expect(bestOnTest.top1.mean).toBeCloseTo(0.8, 12); // 0.7 and 0.9
  expect(bestOnTest.top1.deviation).toBeCloseTo(0.2 / Math.SQRT2, 12);
});
