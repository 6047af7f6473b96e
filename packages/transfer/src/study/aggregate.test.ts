import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedAggregates, publishedResults } from '../../test/published.js';
import { aggregate } from './aggregate.js';
import { spreadOf } from './spread.js';
import type { StudyResult } from './study-result.js';

describe('golden: Iofinova et al. 2022, raw results against aggregates of the unrounded data', () => {
  // Tables of 60 checkpoints on 12 tasks, rounded to 0.1 points. A baseline error of 2.6 % (CIFAR-10) that is rounded
  // by 0.05 moves one task's change by up to 2 %, so means over twelve tasks agree to about one percentage point. The
  // largest difference is 0.80 for ResNet-50 and 0.14 for MobileNetV1.
  it.each([
    ['resnet50', 19],
    ['mobilenet', 9],
  ])('transfer T5: reproduces all aggregates of %s within one percentage point', (model, count) => {
    const expected = publishedAggregates(model);
    const found = aggregate(publishedResults(model), { select: 'bestOnTest', baseline: 'Dense' });
    expect(expected).toHaveLength(count);
    expect(found).toHaveLength(2 * count);
    for (const { protocol, method, sparsity, error, accuracy, tasks, missing } of found) {
      const row = expected.find(other => other.method === method && other.sparsity === sparsity)?.[protocol];
      const [onError, onAccuracy] = [error.mean * 100 - row!.error, accuracy.mean * 100 - row!.accuracy];
      expect(Math.abs(onError), `${method} ${sparsity} ${protocol}`).toBeLessThan(1);
      expect(Math.abs(onAccuracy), `${method} ${sparsity} ${protocol}`).toBeLessThan(1);
      expect([tasks.length, missing.length]).toEqual([12, 0]);
    }
  });

  it('reverses the ranking of WoodFisher and AC/DC between the protocols', () => {
    const found = aggregate(publishedResults('resnet50'), { select: 'bestOnTest', baseline: 'Dense' });
    const error = (method: string, protocol: string): number =>
      found.find(one => one.method === method && one.protocol === protocol && one.sparsity === 0.9)!.error.mean;
    expect(error('WoodFisher', 'full')).toBeLessThan(error('AC/DC', 'full'));
    expect(error('WoodFisher', 'linear')).toBeGreaterThan(error('AC/DC', 'linear'));
  });
});

const dense = { method: 'dense', sparsity: 0, protocol: 'linear' } as const;
const pruned = { method: 'pruned', sparsity: 0.5, protocol: 'linear' } as const;

it('averages over seeds, then compares task by task, then averages over tasks', () => {
  const results: StudyResult[] = [
    { ...dense, task: 'a', seed: 1, final: 0.7 },
    { ...dense, task: 'a', seed: 2, final: 0.9 },
    { ...dense, task: 'b', seed: 1, final: 0.5 },
    { ...pruned, task: 'a', seed: 1, final: 0.6 },
    { ...pruned, task: 'a', seed: 2, final: 0.8 },
    { ...pruned, task: 'b', seed: 1, final: 0.6 },
    { ...pruned, task: 'b', seed: 2, final: 0.5 },
  ];
  // Baseline 0.8 and 0.5. Errors: a: 0.3 against 0.2 = +50 %, b: 0.45 against 0.5 = −10 %; mean +20 %.
  // Seed 1: a: 0.4 against 0.2 = +100 %, b: 0.4 against 0.5 = −20 %; +40 %. Seed 2: a: 0 %, b: 0 %; 0 %. Deviation
  // 0.4/√2. Accuracies: a: 0.7 against 0.8 = −12.5 %, b: 0.55 against 0.5 = +10 %; mean −1.25 %.
  const [found] = aggregate(results);
  expect(found!.error.mean).toBeCloseTo(0.2, 12);
  expect(found!.error.perSeed.map(({ seed }) => seed)).toEqual([1, 2]);
  expect(found!.error.perSeed[0]!.value).toBeCloseTo(0.4, 12);
  expect(found!.error.perSeed[1]!.value).toBeCloseTo(0, 12);
  expect(found!.error.deviation).toBeCloseTo(0.4 / Math.SQRT2, 12);
  expect(found!.accuracy.mean).toBeCloseTo(-0.0125, 12);
});

it('keeps the best epoch and the last apart', () => {
  const results: StudyResult[] = [
    { ...dense, task: 'a', seed: 1, final: 0.8, bestOnTest: 0.9 },
    { ...pruned, task: 'a', seed: 1, final: 0.7, bestOnTest: 0.8 },
  ];
  expect(aggregate(results)[0]!.error.mean).toBeCloseTo(0.5, 12); // 0.3 against 0.2
  expect(aggregate(results, { select: 'bestOnTest' })[0]!.error.mean).toBeCloseTo(1, 12); // 0.2 against 0.1
});

it('names the tasks that a method has no run on', () => {
  const results: StudyResult[] = [
    { ...dense, task: 'a', seed: 1, final: 0.8 },
    { ...dense, task: 'b', seed: 1, final: 0.8 },
    { ...pruned, task: 'a', seed: 1, final: 0.7 },
  ];
  expect(aggregate(results)).toMatchObject([{ tasks: ['a'], missing: ['b'] }]);
});

it('has no deviation of a seed that ran on some tasks only', () => {
  const results: StudyResult[] = [
    { ...dense, task: 'a', seed: 1, final: 0.8 },
    { ...dense, task: 'b', seed: 1, final: 0.8 },
    { ...pruned, task: 'a', seed: 1, final: 0.7 },
    { ...pruned, task: 'a', seed: 2, final: 0.7 },
    { ...pruned, task: 'b', seed: 1, final: 0.7 },
  ];
  expect(aggregate(results)[0]!.error).toMatchObject({ deviation: null, perSeed: [{ seed: 1 }] });
});

it('refuses a task that the baseline has not run on', () => {
  const results = [{ ...pruned, task: 'a', seed: 1, final: 0.7 }];
  expect(() => aggregate(results)).toThrow(expect.objectContaining({ code: 'INCOMPLETE_STUDY' }));
});

it.each([0, 1])('refuses a change relative to a baseline of accuracy %d', final => {
  const results = [
    { ...dense, task: 'a', seed: 1, final },
    { ...pruned, task: 'a', seed: 1, final: 0.7 },
  ];
  expect(() => aggregate(results)).toThrow(expect.objectContaining({ code: 'UNDEFINED_CHANGE', task: 'a' }));
});

it('refuses accuracies in per cent and runs that are there twice', () => {
  const row = { ...pruned, task: 'a', seed: 1 };
  expect(() => aggregate([{ ...row, final: 93.4 }])).toThrow(/results\[0\]\.final.*in \[0, 1\]/);
  const twice = [
    { ...row, final: 0.5 },
    { ...row, final: 0.6 },
  ];
  expect(() => aggregate(twice)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option: 'results[1]' }));
});

it('does not depend on the order of the results', () => {
  const results = publishedResults('mobilenet').filter(({ protocol }) => protocol === 'full');
  const expected = aggregate(results, { select: 'bestOnTest', baseline: 'Dense' });
  const key = (one: { method: string; sparsity: number }): string => `${one.method} ${one.sparsity}`;
  const means = new Map(expected.map(one => [key(one), one.error.mean]));
  fc.assert(
    fc.property(fc.shuffledSubarray(results, { minLength: results.length }), shuffled => {
      for (const one of aggregate(shuffled, { select: 'bestOnTest', baseline: 'Dense' })) {
        expect(one.error.mean).toBeCloseTo(means.get(key(one))!, 10);
      }
    }),
    { numRuns: 10 },
  );
});

it('computes the sample deviation', () => {
  // Mean 4; squares 4 + 0 + 4 = 8; 8 / 2 = 4.
  expect(spreadOf([2, 4, 6])).toEqual({ mean: 4, deviation: 2 });
  expect(spreadOf([3])).toEqual({ mean: 3, deviation: null });
});
