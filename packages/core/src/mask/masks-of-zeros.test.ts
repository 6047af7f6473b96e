import fc from 'fast-check';
import { expect, it } from 'vitest';
import { masksOfZeros } from './masks-of-zeros.js';

const kernel = (name: string, ...values: number[]) => ({
  name,
  shape: [values.length, 1],
  values: Float32Array.from(values),
});

// 2 of 5 entries are two fifths; 2 of 6 are not. A kernel of nothing but zeros counts, and waits to be trained.
it.each<[string, number[][], number[][]]>([
  ['two fifths of zeros', [[1, 0, 0, 2, 3]], [[1, 0, 0, 1, 1]]],
  ['a third of zeros', [[1, 0, 0, 2, 3, 4]], [[1, 1, 1, 1, 1, 1]]],
  [
    'two fifths of all kernels together',
    [
      [1, 2, 3],
      [0, -0],
    ],
    [
      [1, 1, 1],
      [1, 1],
    ],
  ],
  [
    'zeros in a dense kernel of a sparse network',
    [
      [1, 0],
      [0, 0, 0, 5],
    ],
    [
      [1, 0],
      [0, 0, 0, 1],
    ],
  ],
  ['no entries', [[]], [[]]],
])('%s', (_, values, masks) => {
  const found = masksOfZeros(values.map((entries, i) => kernel(`${i}`, ...entries)));
  expect([...found.values()].map(mask => [...mask])).toEqual(masks);
});

const depthwise = (values: readonly number[]) => ({
  name: 'dw',
  shape: [3, 1, 2, 1],
  values: Float32Array.from(values),
  depthwise: true,
});

// [place][channel]: of three places, two channels.
it.each<[string, number[], number[] | undefined]>([
  ['a channel that died is not pruned', [1, 0, 2, 0, 3, 0], undefined],
  ['zeros in both channels are', [1, 0, 0, 2, 3, 0], [1, 0, 0, 1, 1, 0]],
  ['zeros beside a channel that died are, and the channel with them', [1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]],
  ['one zero of six is not', [1, 2, 0, 3, 4, 5], undefined],
  ['nothing but zeros is not', [0, 0, 0, 0, 0, 0], undefined],
])('of depthwise kernels: %s', (_, values, mask) => {
  // whatever the other kernels are
  for (const other of [kernel('other', 1, 2), kernel('other', 0, 1)]) {
    const found = masksOfZeros([other, depthwise(values)]).get('dw');
    expect(found && [...found]).toEqual(mask);
  }
});

it('recognizes what is pruned to 60 to 90 % without masks, and masks exactly its zeros', () => {
  const sparse = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(sparse, fc.double({ min: 0.6, max: 0.9, noNaN: true }), (values, sparsity) => {
      const pruned = values.map((value, i) =>
        i === 0 ? 1 : i <= Math.ceil(sparsity * values.length) ? 0 : value || 1,
      );
      const mask = masksOfZeros([{ name: 'a', shape: [pruned.length], values: pruned }]).get('a');
      expect([...(mask ?? [])]).toEqual([...pruned].map(value => (value === 0 ? 0 : 1)));
    }),
  );
});

it.each([undefined, 5, [null], [{ name: 'a' }], [{ name: 'a', shape: [2], values: Float32Array.of(1) }]])(
  '%j is refused',
  given => {
    expect(() => masksOfZeros(given as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  },
);
