import type { LayerShape } from '../method/layer.js';

/** A layer with one score per entry; masked entries that must not come back score −Infinity. */
export interface ScoredLayer extends LayerShape {
  /** One score per entry, row-major, never NaN. */
  readonly scores: Float32Array;
}

/**
 * Spreads an overall sparsity over layers: entries that each layer *keeps*, by name.
 *
 * Returning counts rather than fractions is what lets one type cover rules that ignore the scores (uniform, ERK) and
 * rules that rank them (global, LAMP). Layers that are not named keep everything. The function's `name` appears in
 * checkpoints and reports.
 */
export interface Distribution {
  /**
   * @param layers - Prunable layers with their scores, in the model's order.
   * @param sparsity - Overall sparsity, in [0, 1).
   * @returns Entries kept, by layer name: integers between 0 and the layer's size.
   */
  (layers: readonly ScoredLayer[], sparsity: number): ReadonlyMap<string, number>;
  /** True if the overall count may differ from the one asked for, because some layers follow rules of their own. */
  readonly partial?: boolean;
  /**
   * Refuses a model that lacks layers which the distribution names. Methods call it when a session starts, so that a slip of the pen does
   * not come to light at the first pruning.
   *
   * @param layers - Prunable layers, in the model's order.
   */
  readonly requireLayers?: (layers: readonly LayerShape[]) => void;
}
