import { countOnes, type Decision, type Distribution, type LayerView, selectMasks } from '@espalier/core';
import type { LayerFisher } from './fisher/estimate.js';
import { compensate, saliency } from './saliency.js';

/** What a pruning step is to reach. */
export interface PruningGoal {
  readonly sparsity: number;
  readonly distribution: Distribution;
  /** Factor of the shift of survivors; 0: none. */
  readonly compensation: number;
}

/** Masks that drop the least salient entries, and new weights for every layer that lost some. */
export function pruneBySaliency(
  layers: readonly LayerView[],
  fishers: ReadonlyMap<string, LayerFisher>,
  { sparsity, distribution, compensation }: PruningGoal,
): Required<Pick<Decision, 'masks' | 'weights'>> {
  const fisherOf = (name: string): LayerFisher => fishers.get(name) ?? nothing;
  const masks = selectMasks(layers, layer => saliency(layer, fisherOf(layer.name)), sparsity, distribution);
  const weights = new Map<string, Float32Array>();
  for (const layer of layers) {
    const next = masks.get(layer.name) ?? layer.mask;
    if (countOnes(next) === countOnes(layer.mask)) continue;
    weights.set(layer.name, compensate(layer, next, fisherOf(layer.name), compensation));
  }
  return { masks, weights };
}

/** Of a layer without active entries. */
const nothing: LayerFisher = { entries: new Uint32Array(0), diagonal: new Float64Array(0), multiply: () => {} };
