import type { LayerView } from '@espalier/core';

/**
 * Relative L2 norm that new masks remove: `√(‖W‖² − ‖W_pruned‖²) / ‖W‖`, over all active entries of the layers. The
 * squares of the removed entries are added up in float64, which equals the difference without its cancellation.
 * Infinite weights give 1.
 */
export function relativeNormDrop(layers: readonly LayerView[], masks: ReadonlyMap<string, Uint8Array>): number {
  let total = 0;
  let removed = 0;
  for (const { name, weights, mask } of layers) {
    const next = masks.get(name) ?? mask;
    weights.forEach((weight, i) => {
      if (!mask[i]) return;
      const square = weight * weight;
      total += square;
      if (!next[i]) removed += square;
    });
  }
  if (total === Infinity) return 1;
  return total > 0 ? Math.sqrt(removed / total) : 0;
}
