import { countOnes, type Decision, type Distribution, type LayerView, selectMasks } from '@espalier/core';
import type { Fishers } from './fisher/estimate.js';
import { compensate, requestShift, saliency } from './saliency.js';

/** What a pruning step is to reach. */
export interface PruningGoal {
  readonly sparsity: number;
  readonly distribution: Distribution;
  /** Factor of the shift of survivors; 0: none. */
  readonly compensation: number;
}

/** Masks that drop the least salient entries, and new weights for every layer that lost some. */
export async function pruneBySaliency(
  layers: readonly LayerView[],
  fishers: Fishers,
  { sparsity, distribution, compensation }: PruningGoal,
): Promise<Required<Pick<Decision, 'masks' | 'weights'>>> {
  const fisherOf = ({ name }: LayerView) => fishers.layers.get(name) ?? nothing;
  const masks = selectMasks(layers, layer => saliency(layer, fisherOf(layer)), sparsity, distribution);
  const changed = layers.flatMap(layer => {
    const next = masks.get(layer.name) ?? layer.mask;
    return countOnes(next) === countOnes(layer.mask) ? [] : [{ layer, next, fisher: fisherOf(layer) }];
  });
  if (compensation > 0) {
    for (const { layer, next, fisher } of changed) requestShift(layer, next, fisher);
    await fishers.multiply();
  }
  const weights = new Map(
    changed.map(({ layer, next, fisher }) => [layer.name, compensate(layer, next, fisher, compensation)]),
  );
  return { masks, weights };
}

/** Of a layer without active entries. */
const nothing = { entries: new Uint32Array(0), diagonal: new Float64Array(0), vector: new Float64Array(0) };
