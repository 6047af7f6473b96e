import { io, type Tensor } from '@tensorflow/tfjs-core';
import type { WeightsOfLayer } from '../stock-layers/normalization.js';
import type { ShardGroup } from './model-json.js';
import { readShards } from './shards.js';

/** Names of the weights of Keras's `Normalization`. */
const parts: readonly string[] = ['mean', 'variance'];

const partOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/**
 * The statistics of layers that normalize by them, by layer and the models around it. They are read before the model is
 * built.
 */
export async function statisticsOf(
  folder: string,
  groups: readonly ShardGroup[],
): Promise<ReadonlyMap<string, WeightsOfLayer>> {
  const tensors = new Map<string, Tensor>();
  const isWanted = ({ name }: { readonly name: string }): boolean => parts.includes(partOf(name));
  try {
    for (const group of groups) {
      if (!group.weights.some(isWanted)) continue;
      await readShards(folder, group, (entry, bytes) => {
        if (!isWanted(entry)) return;
        for (const [name, tensor] of Object.entries(io.decodeWeights(bytes, [entry]))) tensors.set(name, tensor);
      });
    }
    const found = new Map<string, Map<string, { shape: readonly number[]; values: ArrayLike<number> }>>();
    for (const [name, tensor] of tensors) {
      const part = partOf(name);
      const layer = name.slice(0, -part.length - 1);
      const weights = found.get(layer) ?? new Map();
      found.set(layer, weights.set(part, { shape: tensor.shape, values: await tensor.data() }));
    }
    return found;
  } finally {
    for (const tensor of tensors.values()) tensor.dispose();
  }
}

/** The weights of a layer, whatever models are around it. */
export const statisticsIn = (all: ReadonlyMap<string, WeightsOfLayer>, layer: string): WeightsOfLayer =>
  [...all].find(([path]) => `/${path}`.endsWith(`/${layer}`))?.[1] ?? new Map();
