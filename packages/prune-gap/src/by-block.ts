import { InvalidOptionError, type LayerShape } from '@espalier/core';
import { PartitionError } from './errors.js';
import { namedRule, type PartitionRule } from './partition-rule.js';

/**
 * Partition rule: layers whose names begin alike are a block, and neighboring blocks form a partition.
 *
 * The part of a name that the pattern matches is its block; blocks count in the order in which they first appear.
 * Layers that match nothing go with the block before them, those in front of all blocks with the first one: a stem
 * joins the first partition, a head the last. To decide otherwise, use {@link byName}. In {@link combine} weights that
 * are not prunable go by the same pattern.
 *
 * @param pattern - Matches the block in a layer's name, e.g. `/^stage\d+/`.
 * @param count - Number of partitions: partition j gets the blocks from `round(j · blocks / count)` on. Left out, every
 *   block is a partition.
 * @returns A rule; it throws {@link PartitionError} for a model with no block, or with fewer blocks than partitions.
 * @throws {@link @espalier/core!InvalidOptionError} if `count` is not an integer ≥ 1.
 *
 * @example A transformer of six encoder and six decoder blocks in three partitions of four blocks.
 * ```ts
 * import { byBlock } from '@espalier/prune-gap';
 *
 * const rule = byBlock(/^(encoder|decoder)_\d+/, 3);
 * ```
 */
export function byBlock(pattern: RegExp, count?: number): PartitionRule {
  if (!(pattern instanceof RegExp)) throw new InvalidOptionError('pattern', pattern, 'a regular expression');
  if (count !== undefined && (!Number.isSafeInteger(count) || count < 1)) {
    throw new InvalidOptionError('partitions', count, 'an integer ≥ 1');
  }
  const once = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  const ruleName = `byBlock(${String(pattern)}${count === undefined ? '' : `, ${count}`})`;
  const blockOf = (name: string): string | undefined => once.exec(name)?.[0];

  const partitionsOfBlocks = (layers: readonly LayerShape[]): Map<string, number> => {
    const blocks = [...new Set(layers.flatMap(({ name }) => blockOf(name) ?? []))];
    const partitions = count ?? blocks.length;
    if (blocks.length === 0 || blocks.length < partitions) {
      const wanted = count === undefined ? '' : ` for ${count} partitions`;
      throw new PartitionError(ruleName, `The pattern finds ${blocks.length} blocks${wanted}. Correct the pattern.`);
    }
    const starts = Array.from({ length: partitions }, (_, j) => Math.round((j * blocks.length) / partitions));
    return new Map(blocks.map((block, i) => [block, starts.findLastIndex(start => start <= i)]));
  };

  const split = (layers: readonly LayerShape[]): string[][] => {
    const partitions = partitionsOfBlocks(layers);
    const parts = Array.from({ length: Math.max(...partitions.values()) + 1 }, (): string[] => []);
    let current = 0;
    for (const { name } of layers) {
      current = partitions.get(blockOf(name) ?? '') ?? current;
      parts[current]?.push(name);
    }
    return parts;
  };
  return namedRule(ruleName, split, (weight, layers) => partitionsOfBlocks(layers).get(blockOf(weight) ?? ''));
}

/**
 * Partition rule for residual networks: one partition per stage, as GaP does for ResNet-50 (κ = 4). Stages are found by
 * names that begin with `stage1`, `layer1` and the like; the stem joins the first, the classifier the last.
 *
 * @returns A rule; it throws {@link PartitionError} for a model without such names.
 *
 * @example
 * ```ts
 * import { convStages, gap } from '@espalier/prune-gap';
 *
 * const method = gap({ sparsity: 0.8, partitions: convStages(), turns: 12, turnLength: 1000 });
 * ```
 */
export function convStages(): PartitionRule {
  return byBlock(/^(?:stage|layer)_?\d+/);
}

/**
 * Partition rule for transformers: blocks of the encoder and the decoder, grouped into `count` partitions of as many
 * blocks. For Transformer-big (6 + 6 blocks) and 2, 3 or 6 partitions these are the partitions of the authors'
 * profiles.
 *
 * Blocks are found by names such as `encoder_0_…`, `decoder.layers.3.…`, `block5/…` or `layer_2/…`; use {@link byBlock}
 * for other names. Embeddings and final norms are not prunable and go with the partition beside them.
 *
 * @param count - Number of partitions κ, an integer ≥ 1; left out, every block is one.
 * @returns A rule; it throws {@link PartitionError} for a model with fewer blocks.
 * @throws {@link @espalier/core!InvalidOptionError} if `count` is not an integer ≥ 1.
 *
 * @example
 * ```ts
 * import { gap, transformerBlocks } from '@espalier/prune-gap';
 *
 * const method = gap({ sparsity: 0.9, partitions: transformerBlocks(3), turns: 30, turnLength: 5000 });
 * ```
 */
export function transformerBlocks(count?: number): PartitionRule {
  return byBlock(/^(?:encoder|decoder|en|de|block|layer)s?(?:[._/]?(?:block|layer)s?)?[._/]?\d+(?!\d)/, count);
}
