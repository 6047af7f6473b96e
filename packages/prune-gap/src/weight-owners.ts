import type { Checkpoint, LayerView } from '@espalier/core';
import { type PartitionRule, partitionLayers } from './partition-rule.js';

/** The prunable weights of a checkpoint as a method is shown them, in the model's order. */
export function layersOf({ weights, masks }: Checkpoint): LayerView[] {
  return [...weights].flatMap(([name, { shape, values }]) => {
    const mask = masks.get(name);
    return mask ? [{ name, shape, size: values.length, weights: values, mask }] : [];
  });
}

const tensorLayer = (name: string): string | undefined => /^(.+)\/[^/]*$/.exec(name)?.[1];

/**
 * Partition of every weight of a model, prunable or not. A weight without a mask goes with the kernel of its own layer;
 * else where the rule sends its name; else with the weight before it, or, in front of all others, with the first one
 * that has a partition.
 */
export function weightOwners(checkpoint: Checkpoint, rule: PartitionRule): Map<string, number> {
  const layers = layersOf(checkpoint);
  const partitionOf = new Map<string, number>();
  partitionLayers(layers, rule).forEach((names, partition) => {
    for (const name of names) partitionOf.set(name, partition);
  });
  const ofTensorLayer = new Map(layers.map(({ name }) => [tensorLayer(name), partitionOf.get(name)]));
  ofTensorLayer.delete(undefined);
  const owners = new Map<string, number>();
  let current = partitionOf.get(layers[0]?.name ?? '') ?? 0;
  for (const name of checkpoint.weights.keys()) {
    const own = partitionOf.get(name) ?? ofTensorLayer.get(tensorLayer(name));
    current = own ?? rule.partitionOf?.(name, layers) ?? current;
    owners.set(name, current);
  }
  return owners;
}
