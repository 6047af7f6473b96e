import { InvalidOptionError, type LayerShape, nearestName } from '@espalier/core';
import { PartitionError } from './errors.js';
import { namedRule, type PartitionRule } from './partition-rule.js';

/**
 * Partition rule: partitions written out by the names of their weights, for networks whose stem, head or branches must
 * go to a partition of your choice.
 *
 * A string means the weight of exactly this name, a pattern every weight whose name it matches. The first partition
 * that matches a name has it. Each of them must match a prunable weight. In {@link combine} biases, normalization
 * parameters and statistics go by the same patterns; one for such a weight is written together with a prunable one, as
 * in `/^(embedding|stage1)/`.
 *
 * @param groups - Names and patterns of each partition, at least one each.
 * @returns A rule; a prunable layer that nothing matches, and a name or pattern that matches none, are refused when the
 *   session starts ({@link PartitionError}).
 * @throws {@link @espalier/core!InvalidOptionError} if there is no group, or an empty one.
 *
 * @example The CIFAR ResNet-20 by stages, the stem with the first and the classifier with the last.
 * ```ts
 * import { byName } from '@espalier/prune-gap';
 *
 * const rule = byName([[/^stem/, /^stage1/], [/^stage2/], [/^stage3/, 'logits/kernel']]);
 * ```
 */
export function byName(groups: readonly (readonly (string | RegExp)[])[]): PartitionRule {
  if (!Array.isArray(groups) || groups.length === 0) {
    throw new InvalidOptionError('groups', groups, 'one list of names and patterns for each partition');
  }
  groups.forEach((group, i) => {
    if (!Array.isArray(group) || group.length === 0) {
      throw new InvalidOptionError(`groups[${i}]`, group, 'a list with at least one name or pattern');
    }
    group.forEach((entry: unknown, j) => {
      if (typeof entry === 'string' || entry instanceof RegExp) return;
      throw new InvalidOptionError(`groups[${i}][${j}]`, entry, 'a name or a regular expression');
    });
  });
  const matches = (entry: string | RegExp, name: string): boolean =>
    typeof entry === 'string' ? entry === name : name.search(entry) >= 0;
  const partitionOf = (name: string): number | undefined => {
    const found = groups.findIndex(group => group.some((entry: string | RegExp) => matches(entry, name)));
    return found < 0 ? undefined : found;
  };
  const description = groups.map(group => group.map(String).join(' ')).join(' | ');
  const ruleName = `byName(${description})`;
  const requireMatch = (layers: readonly LayerShape[]): void => {
    const idle = groups.flat().find(entry => !layers.some(({ name }) => matches(entry, name)));
    if (idle === undefined) return;
    const names = layers.map(({ name }) => name);
    const meant = typeof idle === 'string' ? nearestName(idle, names) : undefined;
    const remedy = meant === undefined ? `Correct it. Prunable: ${few(names)}.` : `Did you mean "${meant}"?`;
    throw new PartitionError(
      ruleName,
      `${typeof idle === 'string' ? `"${idle}"` : idle} matches no prunable layer. ${remedy}`,
    );
  };
  return namedRule(
    ruleName,
    layers => {
      requireMatch(layers);
      return groups.map((_, i) => layers.filter(({ name }) => partitionOf(name) === i).map(({ name }) => name));
    },
    partitionOf,
  );
}

const few = (names: readonly string[]): string => `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
