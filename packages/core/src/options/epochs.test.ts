import { describe, expect, it } from 'vitest';
import {
  completeOptions,
  epochsIn,
  epochsToSteps,
  gradualSparsityRules,
  type MethodDefinition,
  optionsFromData,
  rules,
} from '../index.js';

describe('epochsToSteps', () => {
  it('turns epochs into steps where steps are asked for, and nothing else', () => {
    const checks = { ...gradualSparsityRules, name: rules.text, rounds: rules.integer({ from: 1 }) };
    const written = {
      sparsity: 0.9,
      // 391 steps an epoch: 1.5 · 391 = 586.5, rounded up
      cadence: { start: '1.5 epochs', end: '30 epochs', every: 50 },
      schedule: { shape: 'polynomial', to: 0.9, start: '1 epoch', end: '30 epochs' },
      name: '3 epochs',
      rounds: '3 epochs',
    };
    expect(epochsToSteps<object>(checks, written, 391)).toEqual({
      sparsity: 0.9,
      cadence: { start: 587, end: 11_730, every: 50 },
      schedule: { shape: 'polynomial', to: 0.9, start: 391, end: 11_730 },
      name: '3 epochs',
      rounds: '3 epochs',
    });
  });

  it.each(['', 'epochs', '-1 epochs', '1epoch', '1e3 epochs', ' 1 epoch', '1 epoch\n', 'NaN epochs', 5, null])(
    'does not read epochs into %j',
    written => {
      expect(epochsIn(written)).toBeUndefined();
    },
  );

  it('is what a definition completes its options with, before defaults follow from them', () => {
    const definition: MethodDefinition<{ readonly start: number; readonly end: number }> = {
      name: 'a',
      summary: 'a',
      source: 'none',
      rules: { start: rules.steps({ from: 0 }), end: rules.steps() },
      notes: { start: { summary: 'a' }, end: { summary: 'a' } },
      defaults: (_, { start }) => ({ start: 0, end: (start as number) + 1 }),
      create: () => {
        throw new Error('not called');
      },
    };
    const run = { steps: 100, stepsPerEpoch: 10, sparsity: 0.9, trained: false, rateOver: () => 0.1 };
    expect(completeOptions(definition, run, { start: '2 epochs' })).toEqual({ start: 20, end: 21 });
  });

  it('makes a part of a step a whole one where there must be one', () => {
    // 0.01 · 10 = 0.1 steps, to the nearest 0
    const checks = { every: rules.steps({ from: 1 }), start: rules.steps({ from: 0 }) };
    const written = { every: '0.01 epochs', start: '0.01 epochs' };
    expect(epochsToSteps(checks, written, 10)).toEqual({ every: 1, start: 0 });
  });

  it('leaves the check of the number to the rule', () => {
    const checks = { every: rules.steps({ from: 1 }) };
    expect(() => optionsFromData(checks, epochsToSteps(checks, { every: '0 epochs' }, 10))).toThrow('"every" is 0');
    expect(() => optionsFromData(checks, { every: '2 epochs' })).toThrow('must be an integer of at least 1');
  });
});

it('gradual methods take a schedule as data', () => {
  const cadence = { start: 0, end: 10, every: 1 };
  const schedule = { shape: 'polynomial', to: 0.5, start: 0, end: 10, power: 1 };
  const options = optionsFromData(gradualSparsityRules, { sparsity: 0.5, cadence, schedule });
  expect(options.schedule?.(5)).toBe(0.25);
});
