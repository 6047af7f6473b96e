import {
  type Checkpoint,
  checkpointSparsity,
  decodeCheckpoint,
  EspalierError,
  encodeCheckpoint,
  keptCount,
  type StoredWeight,
} from '@espalier/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byBlock, byName, combine, contiguous, type PartitionRule, pruneCheckpoint } from './index.js';
import { weightOwners } from './weight-owners.js';

const prunable = /kernel$/;
/** Names in the order of a model with an embedding, two blocks, and a head. */
const names = [
  ...['embedding/embeddings', 'block1_conv/kernel', 'block1_conv/bias', 'block1_norm/gamma', 'block1_norm/beta'],
  ...['block1_norm/moving_mean', 'block1_norm/moving_variance', 'block2_conv/kernel', 'block2_norm/gamma'],
  ...['block2_norm/moving_mean', 'counter', 'head/kernel', 'head/bias'],
];

/**
 * Copy `index`: every entry says which copy it is from, `100 · index + i`; the layers of `dense` have masks of ones.
 */
function copyOf(index: number, dense: readonly string[], list: readonly string[] = names): Checkpoint {
  const weights = new Map<string, StoredWeight>();
  const masks = new Map<string, Uint8Array>();
  for (const name of list) {
    const size = prunable.test(name) ? 10 : 2;
    const values = Float32Array.from({ length: size }, (_, i) => 100 * (index + 1) + i);
    if (prunable.test(name)) {
      const mask = Uint8Array.from({ length: size }, (_, i) => (dense.includes(name) || i < 2 ? 1 : 0));
      masks.set(name, mask);
      values.forEach((value, i) => void values.fill(mask[i] ? value : 0, i, i + 1));
    }
    weights.set(name, { shape: [size], values, trainable: !/moving|counter/.test(name) });
  }
  return {
    format: 'espalier-checkpoint/1',
    method: { name: 'parallel-gap', citation: 'test', options: { partition: index } },
    clock: { step: 9, position: 9, round: 0 },
    state: null,
    phase: `grow partition ${index}`,
    seed: 1,
    learningRate: null,
    masks,
    weights,
    slots: [],
    optimizer: null,
    snapshots: new Map(),
    model: null,
    metadata: {},
  };
}

const rule: PartitionRule = byBlock(/^block\d/);
const copies = [copyOf(0, ['block1_conv/kernel']), copyOf(1, ['block2_conv/kernel', 'head/kernel'])];
const ownersByRule = (by: PartitionRule): Record<string, number | undefined> =>
  Object.fromEntries(weightOwners(copies[0] as Checkpoint, by));

describe('combine', () => {
  it('gap G5: takes each weight bit for bit from the copy where its partition was dense', () => {
    const combined = combine(copies, rule);
    expect([...combined.weights.keys()]).toEqual(names);
    for (const [name, weight] of combined.weights) {
      const from = /^(embedding|block1)/.test(name) ? 0 : 1;
      expect([name, ...weight.values]).toEqual([name, ...(copies[from]?.weights.get(name)?.values ?? [])]);
    }
    expect([...combined.masks.values()].every(mask => mask.every(bit => bit === 1))).toBe(true);
  });

  it('sends bias, normalization parameters and statistics with their partition, and embeddings with the first', () => {
    // 'counter' says nothing by its name and follows block2_norm; head follows it in turn.
    const expected = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
    for (const by of [rule, contiguous(2)] as const) {
      const owners = Object.values(ownersByRule(by));
      // contiguous(2) of 10 | 10 + 10: the earliest cut.
      expect(owners).toEqual(expected);
    }
  });

  it('goes by the names of a rule where the order would mislead', () => {
    const mixed = ['a/kernel', 'b/kernel', 'a_norm/gamma', 'b_norm/gamma', 'rest', 'a/bias'];
    const two = [copyOf(0, ['a/kernel'], mixed), copyOf(1, ['b/kernel'], mixed)];
    const fromCopy = (by: PartitionRule): number[] =>
      [...combine(two, by).weights.values()].map(({ values }) => Math.floor((values[0] ?? 0) / 100) - 1);
    expect(fromCopy(byName([[/^a/], [/^b/]]))).toEqual([0, 1, 0, 1, 1, 0]);
    // Without names to go by, everything but the bias of the same layer follows what stands before it.
    expect(fromCopy(contiguous(2))).toEqual([0, 1, 1, 1, 1, 0]);
  });

  it('gives a checkpoint that survives being written and read', () => {
    const combined = combine(copies, rule);
    const read = decodeCheckpoint(encodeCheckpoint(combined));
    expect(read.weights).toEqual(combined.weights);
    expect(read.masks).toEqual(combined.masks);
    expect(read.method.options).toEqual({ combined: [{ partition: 0 }, { partition: 1 }] });
    expect([read.phase, read.optimizer, read.slots.length]).toEqual(['combined', null, 0]);
  });

  it('does not touch the copies', () => {
    const mine = [copyOf(0, ['block1_conv/kernel']), copyOf(1, ['block2_conv/kernel', 'head/kernel'])];
    pruneCheckpoint(combine(mine, rule), { sparsity: 0.9 });
    expect(mine).toEqual(copies);
  });

  const [first, second] = copies as [Checkpoint, Checkpoint];
  it.each([
    ['no copy', [], /no copies/],
    ['too few copies', [first], /makes 2 partitions, but there are 1 copies/],
    ['too many copies', [first, second, second], /makes 2 partitions, but there are 3 copies/],
    ['copies in the wrong order', [second, first], /Partition 0 must be dense in copy 0, but "block1_conv\/kernel"/],
    ['a copy of another model', [first, copyOf(1, [], names.slice(1))], /Copy 1 .* has no weight "embedding/],
    ['a copy with more weights', [first, copyOf(1, [], [...names, 'more'])], /"more" is in it alone/],
    [
      'a copy with another shape',
      [
        first,
        {
          ...second,
          weights: new Map(second.weights).set('counter', {
            shape: [1],
            values: new Float32Array(1),
            trainable: false,
          }),
        },
      ],
      /"counter" has shape \[1\], not \[2\]/,
    ],
    ['a copy that prunes less', [first, { ...second, masks: new Map() }], /prunable in only one/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => combine(wrong, rule)).toThrow(message);
    expect(() => combine(wrong, rule)).toThrow(expect.toSatisfy(EspalierError.isInstance));
  });
});

describe('pruneCheckpoint', () => {
  it('gap G5: leaves exactly the counts of the distribution, the largest magnitudes, and other weights as they are', () => {
    const combined = combine(copies, rule);
    const pruned = pruneCheckpoint(combined, { sparsity: 0.7 });
    for (const { size, active, nonzero } of checkpointSparsity(pruned).perLayer) {
      expect([active, nonzero]).toEqual([keptCount(size, 0.7), keptCount(size, 0.7)]);
    }
    // Values rise with the index, so the last 3 of 10 stay.
    expect([...(pruned.weights.get('head/kernel')?.values ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 207, 208, 209]);
    for (const name of names) {
      if (!prunable.test(name)) expect(pruned.weights.get(name)).toBe(combined.weights.get(name));
    }
  });

  it('keeps exact counts at any sparsity', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), sparsity => {
        const { perLayer } = checkpointSparsity(pruneCheckpoint(combine(copies, rule), { sparsity }));
        expect(perLayer.map(({ active }) => active)).toEqual([1, 2, 3].map(() => keptCount(10, sparsity)));
      }),
    );
  });

  it('does not bring back what is masked', () => {
    const { perLayer } = checkpointSparsity(pruneCheckpoint(copies[0] as Checkpoint, { sparsity: 0.5 }));
    expect(perLayer.map(({ active }) => active)).toEqual([5, 2, 2]);
  });
});
