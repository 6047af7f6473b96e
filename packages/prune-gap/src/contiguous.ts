import { InvalidOptionError, type LayerShape } from '@espalier/core';
import { PartitionError } from './errors.js';
import { namedRule, type PartitionRule } from './partition-rule.js';

/**
 * Partition rule: runs of neighboring layers with sizes as equal as possible, so that every turn of training costs
 * about the same. The largest partition has as few entries as any contiguous split allows; among equals the last cut is
 * as early as it can be.
 *
 * Source: Ma et al. 2022 partition by contiguous blocks, but fix them by hand for each network; the balance is ours.
 *
 * @param count - Number of partitions κ, an integer ≥ 1.
 * @returns A rule; it throws {@link PartitionError} for a model with fewer layers than partitions.
 * @throws {@link @espalier/core!InvalidOptionError} if `count` is not an integer ≥ 1.
 *
 * @example
 * ```ts
 * import { contiguous } from '@espalier/prune-gap';
 *
 * const layer = (name: string, size: number) => ({ name, shape: [size], size });
 * contiguous(2)([layer('a', 3), layer('b', 4), layer('c', 6)]); // [['a', 'b'], ['c']]
 * ```
 */
export function contiguous(count: number): PartitionRule {
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidOptionError('partitions', count, 'an integer ≥ 1');
  const name = `contiguous(${count})`;
  return namedRule(name, layers => {
    if (layers.length < count) {
      throw new PartitionError(name, `There are ${layers.length} prunable layers. Ask for at most as many partitions.`);
    }
    const ends = balancedEnds(layers, count);
    return ends.map((end, i) => layers.slice(ends[i - 1] ?? 0, end).map(layer => layer.name));
  });
}

/** Where each part ends if the largest part is to be as small as possible. */
function balancedEnds(layers: readonly LayerShape[], count: number): number[] {
  const before = [0];
  for (const { size } of layers) before.push((before.at(-1) ?? 0) + size);
  const sizeBetween = (from: number, to: number): number => (before[to] ?? 0) - (before[from] ?? 0);
  /**
   * `largest[end]` of the best split of the first `end` layers into the parts so far, and where its last part begins.
   */
  let largest = before.map((size, end) => (end === 0 ? Number.POSITIVE_INFINITY : size));
  const begins: number[][] = [];
  for (let parts = 2; parts <= count; parts++) {
    const begin = before.map(() => 0);
    const next = before.map((_, end) => {
      let best = Number.POSITIVE_INFINITY;
      for (let cut = parts - 1; cut < end; cut++) {
        const value = Math.max(largest[cut] ?? 0, sizeBetween(cut, end));
        if (value < best) {
          best = value;
          begin[end] = cut;
        }
      }
      return best;
    });
    begins.push(begin);
    largest = next;
  }
  const ends = [layers.length];
  for (const begin of begins.reverse()) ends.unshift(begin[ends[0] ?? 0] ?? 0);
  return ends;
}
