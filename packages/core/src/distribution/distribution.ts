import type { LayerShape } from '../method/layer.js';

/** A layer with one score per entry; masked entries that must not come back score −Infinity. */
export interface ScoredLayer extends LayerShape {
  /** One score per entry, row-major, never NaN. */
  readonly scores: Float32Array;
}

/**
 * Spreads an overall sparsity over layers: entries that each layer *keeps*, by name, at overall `sparsity` in [0, 1).
 *
 * Returning counts rather than fractions is what lets one type cover rules that ignore the scores (uniform, ERK) and
 * rules that rank them (global, LAMP). Layers that are not named keep everything.
 */
export type Distribution = (layers: readonly ScoredLayer[], sparsity: number) => ReadonlyMap<string, number>;
