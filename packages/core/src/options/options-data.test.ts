import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distributionNames,
  numberIn,
  optionsFromData,
  optionsSchema,
  requireCadence,
  requireDistribution,
  requireLearningRateSegments,
  requireOpenCadence,
  requireSchedule,
  requireSparsity,
  rules,
  type Schedule,
  scheduleFromData,
} from '../index.js';

const { boolean, either, function: anyFunction, integer, list, number, object, oneOf, optional, text } = rules;

describe('the schema of options', () => {
  it('says what their rules accept', () => {
    const checks = {
      sparsity: requireSparsity,
      rounds: optional(integer({ from: 1, to: 9 })),
      rate: optional(number({ above: 0, below: 1 })),
      names: optional(list(text)),
      flag: optional(boolean),
      slots: optional(oneOf('keep', 'reset')),
      store: optional(object({ path: text })),
      mixed: optional(either('a number or a text', number(), text)),
      onProgress: optional(anyFunction),
    };
    expect(optionsSchema(checks)).toEqual({
      type: 'object',
      properties: {
        sparsity: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
        rounds: { type: 'integer', minimum: 1, maximum: 9 },
        rate: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        names: { type: 'array', items: { type: 'string', minLength: 1 } },
        flag: { type: 'boolean' },
        slots: { enum: ['keep', 'reset'] },
        store: {
          type: 'object',
          properties: { path: { type: 'string', minLength: 1 } },
          required: ['path'],
          additionalProperties: false,
        },
        mixed: { anyOf: [{ type: 'number' }, { type: 'string', minLength: 1 }] },
      },
      required: ['sparsity'],
      additionalProperties: false,
    });
  });

  it('has the names of distributions, and the shapes of schedules and learning rates', () => {
    expect(JSON.stringify(optionsSchema({ distribution: requireDistribution }))).toContain(
      JSON.stringify(distributionNames),
    );
    for (const shape of ['constant', 'linear', 'cosine', 'polynomial', 'stepwise', 'segments']) {
      expect(JSON.stringify(optionsSchema({ schedule: requireSchedule }))).toContain(`{"enum":["${shape}"]}`);
    }
    expect(JSON.stringify(optionsSchema({ rate: requireLearningRateSegments as never }))).toContain('"values"');
  });
});

describe('options from data', () => {
  it('become what their names stand for', () => {
    const { distribution, schedule, cadence } = optionsFromData<{
      readonly distribution: { readonly name: string };
      readonly schedule: Schedule;
      readonly cadence: object;
    }>(
      { distribution: requireDistribution, schedule: requireSchedule, cadence: requireOpenCadence },
      {
        distribution: { base: 'uniform', dense: ['a'] },
        schedule: { shape: 'linear', from: 0, to: 1, start: 0, end: 10 },
        cadence: { start: 1, end: 'Infinity', every: 2 },
      },
    );
    expect(distribution.name).toBe('withRules(uniform)');
    expect(schedule(5)).toBe(0.5);
    expect(cadence).toEqual({ start: 1, end: Infinity, every: 2 });
  });

  it('are refused where a callback is meant, and where the method needs an end', () => {
    expect(() => optionsFromData({ onProgress: optional(anyFunction) }, { onProgress: 'x' })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_OPTION' }),
    );
    expect(() =>
      optionsFromData({ cadence: requireCadence }, { cadence: { start: 1, end: 'Infinity', every: 2 } }),
    ).toThrow(expect.objectContaining({ option: 'cadence.end' }));
  });

  it('in lists and nested objects carry their path in errors', () => {
    const checks = { groups: list(object({ distribution: requireDistribution })) };
    expect(() => optionsFromData(checks, { groups: [{ distribution: 'globl' }] })).toThrow(
      expect.objectContaining({
        option: 'groups[0].distribution',
        message: expect.stringContaining('did you mean global?'),
      }),
    );
  });
});

it('a schedule from data rises over its warm-up, and without one is the function of that name', () => {
  const rate = scheduleFromData({ shape: 'stepwise', from: 1, milestones: [10, 20], warmUp: 3 });
  // (position + 1) / (steps + 1): a quarter, a half, three quarters.
  expect([0, 1, 2, 3, 9, 10, 20].map(rate)).toEqual([0.25, 0.5, 0.75, 1, 1, 0.1, expect.closeTo(0.01, 12)]);
  expect([scheduleFromData(0.5)(7), scheduleFromData({ shape: 'constant', value: 2 })(7)]).toEqual([0.5, 2]);
  const segments = [{ shape: 'constant', length: 2, value: 3 } as const];
  expect(scheduleFromData({ shape: 'segments', start: 0, segments })(1)).toBe(3);
});

it.each([
  [{ shape: 'cosin', from: 1, start: 0, end: 1 }, 'schedule.shape'],
  [{ shape: 'cosine', from: 1, start: 0 }, 'schedule.end'],
  [{ shape: 'cosine', from: 1, start: 0, end: 1, power: 2 }, 'schedule.power'],
  ['cosine', 'schedule'],
])('refuses the schedule %j', (written, option) => {
  expect(() => scheduleFromData(written as never)).toThrow(expect.objectContaining({ option }));
});

it('finds numbers at their place and nothing of the prototype', () => {
  expect(numberIn({ cadence: { every: 5 } }, 'cadence', 'every')).toBe(5);
  fc.assert(
    fc.property(fc.constantFrom('toString', '__proto__', 'length', 'x'), name => {
      expect(numberIn({ cadence: 'x' }, 'cadence', name)).toBeUndefined();
      expect(numberIn({}, name)).toBeUndefined();
    }),
  );
});
