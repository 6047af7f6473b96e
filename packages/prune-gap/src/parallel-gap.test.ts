import {
  activeMagnitude,
  countOnes,
  type Decision,
  keptCount,
  type LayerView,
  selectMasks,
  uniform,
} from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { abcd, carriedOut, denseNames, view } from '../test/turns.js';
import { parallelGap } from './index.js';

describe('parallelGap', () => {
  const copy = (partition: number, layers: readonly LayerView[] = abcd) =>
    parallelGap({ sparsity: 0.8, partitions: 4, partition }).start(view(layers));

  it('makes one partition all ones and the others sparse', () => {
    for (const partition of [0, 1, 2, 3]) {
      const { masks } = copy(partition);
      abcd.forEach(({ name, size }, i) => {
        expect(countOnes(masks?.get(name) ?? new Uint8Array())).toBe(i === partition ? size : keptCount(size, 0.8));
      });
    }
  });

  it('starts all copies of a seed from one all-sparse model', () => {
    const starts = [0, 1, 2, 3].map(partition => carriedOut(abcd, copy(partition) as unknown as Decision<number>));
    abcd.forEach((_, i) => {
      const versions = starts.map(layers => [...(layers[i]?.weights ?? [])]);
      for (const version of versions) expect(version).toEqual(versions[0]);
      expect(versions[0]?.filter(w => w !== 0)).toHaveLength(keptCount(abcd[i]?.size ?? 0, 0.8));
    });
  });

  it('keeps the masks and weights of the model of the round before', () => {
    const sparse = abcd.map(l => {
      const mask = selectMasks([l], activeMagnitude, 0.8, uniform).get(l.name) ?? l.mask;
      return { ...l, mask, weights: l.weights.map((w, i) => (mask[i] ? w : 0)) };
    });
    const after = carriedOut(sparse, copy(2, sparse) as unknown as Decision<number>);
    after.forEach((l, i) => {
      expect([...l.weights]).toEqual([...(sparse[i]?.weights ?? [])]);
      if (i !== 2) expect([...l.mask]).toEqual([...(sparse[i]?.mask ?? [])]);
    });
    expect(denseNames(after)).toEqual(['c']);
  });

  it('refuses a partition that the rule does not make', () => {
    expect(() => copy(4)).toThrow(/"partition" is 4, but must be less than 4/);
    for (const partition of [-1, 0.5]) expect(() => copy(partition)).toThrow(/an integer of at least 0/);
  });
});
