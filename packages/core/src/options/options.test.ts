import { expect, it } from 'vitest';
import {
  checkOptions,
  InvalidOptionError,
  nearestName,
  requireCadence,
  requireSparsity,
  rules,
  UnknownOptionError,
} from '../index.js';

interface Options {
  readonly sparsity: number;
  readonly weightDecay?: number;
  readonly cadence?: { readonly start: number; readonly end: number; readonly every: number };
  readonly seeds?: readonly number[];
  readonly shape?: 'linear' | 'cosine';
  readonly store?: { readonly path: string };
}

const { integer, list, number, object, oneOf, optional, text } = rules;
const check = (options: unknown): void =>
  checkOptions<Options>(options, {
    sparsity: requireSparsity,
    weightDecay: optional(number({ from: 0 })),
    cadence: optional(requireCadence),
    seeds: optional(list(integer({ from: 0 }))),
    shape: optional(oneOf('linear', 'cosine')),
    store: optional(object<{ path: string }>({ path: text })),
  });

it('lets right options pass, and takes undefined for an option that was left out', () => {
  check({ sparsity: 0.5 });
  check({
    sparsity: 0.5,
    weightDecay: undefined,
    cadence: undefined,
    seeds: [1],
    shape: 'cosine',
    store: { path: 'a' },
  });
});

it.each([
  [{ sparsity: 0.5, weight_decay: 1 }, 'weight_decay', 'weightDecay'],
  [{ sparsity: 0.5, weightdecay: 1 }, 'weightdecay', 'weightDecay'],
  [{ sparsty: 0.5 }, 'sparsty', 'sparsity'],
  [{ sparsity: 0.5, store: { path: 'a', pth: 'b' } }, 'store.pth', 'store.path'],
  [JSON.parse('{"sparsity":0.5,"__proto__":{}}'), '__proto__', undefined],
])('refuses the unknown option of %j and suggests what was meant', (options, option, suggestion) => {
  const thrown = expect(() => check(options));
  thrown.toThrow(UnknownOptionError);
  thrown.toThrow(
    expect.objectContaining({ code: 'UNKNOWN_OPTION', option, ...(suggestion === undefined ? {} : { suggestion }) }),
  );
});

it.each([
  [undefined, 'options'],
  [null, 'options'],
  [[], 'options'],
  [{}, 'sparsity'],
  [{ sparsity: '0.5' }, 'sparsity'],
  [{ sparsity: 0.5, weightDecay: '1' }, 'weightDecay'],
  [{ sparsity: 0.5, weightDecay: null }, 'weightDecay'],
  [{ sparsity: 0.5, weightDecay: Number.NaN }, 'weightDecay'],
  [{ sparsity: 0.5, cadence: { start: 0, end: 1, every: 0 } }, 'cadence.every'],
  [{ sparsity: 0.5, seeds: [1, 1.5] }, 'seeds[1]'],
  [{ sparsity: 0.5, seeds: 1 }, 'seeds'],
  [{ sparsity: 0.5, shape: 'linar' }, 'shape'],
  [{ sparsity: 0.5, store: 'a' }, 'store'],
  [{ sparsity: 0.5, store: {} }, 'store.path'],
])('refuses the value in %j', (options, option) => {
  const thrown = expect(() => check(options));
  thrown.toThrow(InvalidOptionError);
  thrown.toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
});

it.each([
  ['normalise', 'normalize'],
  ['batch-size', 'batchSize'],
  ['sparisty', 'sparsity'],
  ['btachsize', 'batchSize'],
  ['x', undefined],
  ['learningRate', undefined],
])('takes %s for %s', (written, meant) => {
  expect(nearestName(written, ['normalize', 'batchSize', 'sparsity'])).toBe(meant);
});

it('takes two swapped letters for one slip, also in short names', () => {
  expect(nearestName('minst', ['digits', 'mnist', 'cifar10'])).toBe('mnist');
  expect(nearestName('trian', ['train', 'transfer'])).toBe('train');
});
