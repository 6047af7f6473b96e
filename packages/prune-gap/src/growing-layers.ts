import type { LayerShape, RandomStreams } from '@espalier/core';
import { type PartitionRule, partitionLayers } from './partition-rule.js';

/** Which layers grow at a turn. */
export interface GrowingLayers {
  readonly names: readonly string[];
  /** Name of the phase, for logs. */
  readonly phase: string;
}

/** The layers of a turn: a partition in turn, or of all layers, dealt out at random, one hand. */
export function growingLayers(
  layers: readonly LayerShape[],
  rule: PartitionRule,
  order: 'cyclic' | 'random',
  turn: number,
  random: RandomStreams,
): GrowingLayers {
  const partitions = partitionLayers(layers, rule);
  const count = partitions.length;
  const partition = turn % count;
  if (order === 'cyclic') return { names: partitions[partition] ?? [], phase: `grow partition ${partition}` };
  const shuffled = layers.map(({ name }) => name);
  const next = random(`layers of turn ${turn}`);
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] ?? '', shuffled[i] ?? ''];
  }
  const cut = (hand: number): number => Math.floor((hand * shuffled.length) / count);
  return { names: shuffled.slice(cut(partition), cut(partition + 1)), phase: 'grow random layers' };
}
