import type { LayerShape } from '@espalier/core';
import { PartitionError } from './errors.js';

/**
 * Splits the prunable layers of a model into partitions, given in the model's order: layer names by partition. Every
 * layer must be in exactly one partition, and no partition may be empty.
 *
 * A rule is a pure function of names and shapes, because it is asked again at every turn and on every machine. Its
 * function `name` appears in checkpoints and reports.
 */
export interface PartitionRule {
  /**
   * @param layers - All prunable layers, in the model's order.
   * @returns Names of the layers of each partition; partition 0 is grown first.
   */
  (layers: readonly LayerShape[]): readonly (readonly string[])[];
  /**
   * Partition of a weight that is not prunable (bias, normalization, embedding), if the rule goes by names; undefined
   * if the name says nothing. {@link combine} asks it. Without it such weights go with the layer before them.
   */
  readonly partitionOf?: (weight: string, layers: readonly LayerShape[]) => number | undefined;
}

/** The rule under a name for reports, since functions made by functions have none. */
export function namedRule(
  name: string,
  split: PartitionRule,
  partitionOf?: NonNullable<PartitionRule['partitionOf']>,
): PartitionRule {
  Object.defineProperty(split, 'name', { value: name });
  return partitionOf ? Object.assign(split, { partitionOf }) : split;
}

/** The partitions of a model, checked: a disjoint cover of its prunable layers without an empty part. */
export function partitionLayers(layers: readonly LayerShape[], rule: PartitionRule): readonly (readonly string[])[] {
  const partitions = rule(layers);
  const fail = (reason: string): never => {
    throw new PartitionError(rule.name, reason);
  };
  const owner = new Map<string, number>();
  partitions.forEach((names, partition) => {
    if (names.length === 0) fail(`Partition ${partition} is empty. Ask for fewer partitions, or correct its names.`);
    for (const name of names) {
      const other = owner.get(name);
      if (other !== undefined) fail(`"${name}" is in partition ${other} and in partition ${partition}.`);
      owner.set(name, partition);
    }
  });
  for (const { name } of layers) {
    if (!owner.delete(name)) fail(`"${name}" is in none of the ${partitions.length}. Every prunable layer needs one.`);
  }
  for (const name of owner.keys()) fail(`There is no prunable layer "${name}".`);
  return partitions;
}
