import { expect, it } from 'vitest';
import { givenOptions, type Shortcuts } from './given-options.js';
import { createdMethod } from './known-method.js';
import { loadMethod } from './load-method.js';

it.each<[method: string, written: object, shortcuts: Shortcuts, options: object]>([
  ['iterative', {}, { sparsity: 0.9 }, { sparsity: 0.9 }],
  ['set', {}, { start: 5, every: 10 }, { cadence: { start: 5, every: 10 } }],
  ['set', { cadence: { every: 10 } }, { end: 90 }, { cadence: { every: 10, end: 90 } }],
  // No cadence: the only decision is at a position.
  ['one-shot', {}, { start: 5 }, { position: 5 }],
  ['set', { cadence: { every: 10 } }, { sparsity: undefined } as unknown as Shortcuts, { cadence: { every: 10 } }],
])('puts what has a flag of its own at its place: %s, %j and %j', async (name, written, shortcuts, options) => {
  const before = structuredClone(written);
  expect(givenOptions(await loadMethod(name), written as never, shortcuts)).toEqual(options);
  expect(written).toEqual(before);
});

it('gives a creator without a definition the first place', () => {
  const own = createdMethod('own.mjs', () => ({}));
  expect(givenOptions(own, {}, { start: 5, distribution: 'erk' })).toEqual({
    cadence: { start: 5 },
    distribution: 'erk',
  });
});

it.each<[method: string, written: object, shortcuts: Shortcuts, message: string]>([
  ['set', { cadence: { every: 10 } }, { every: 5 }, 'Give --every or --option cadence.every, not both.'],
  ['set', { cadence: 7 }, { every: 5 }, 'Give --every or --option cadence.every, not both.'],
  ['set', { cadence: [7] }, { every: 5 }, 'not both'],
  ['set', { sparsity: 0 }, { sparsity: 0.9 }, 'Give --sparsity or --option sparsity, not both.'],
  ['one-shot', {}, { every: 5 }, '--every means nothing to --method one-shot.'],
])('refuses for %s %j and %j', async (name, written, shortcuts, message) => {
  const method = await loadMethod(name);
  expect(() => givenOptions(method, written as never, shortcuts)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
});
