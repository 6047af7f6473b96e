import type { Amount } from '../mask/amount.js';
import type { LayerShape } from '../method/layer.js';

/** A layer with one score per entry; masked entries that must not come back score −Infinity. */
export interface ScoredLayer extends LayerShape {
  /** One score per entry, row-major, never NaN. */
  readonly scores: Float32Array;
}

/**
 * Spreads an overall sparsity, or an exact overall count, over layers: entries that each layer *keeps*, by name.
 *
 * Returning counts rather than fractions is what lets one type cover rules that ignore the scores (uniform, ERK) and
 * rules that rank them (global, LAMP). Layers that are not named keep everything. The function's `name` appears in
 * checkpoints and reports.
 *
 * For a sparsity a distribution rounds as its rule says; for `{ kept }` its counts must add up to exactly `kept`, or it
 * throws {@link InfeasibleDistributionError}: {@link selectMasks} checks the sum. {@link proportional} does both for
 * rules that give each layer its share, and {@link overallCount} and {@link overallSparsity} say what an amount means
 * for the layers at hand.
 *
 * @example A distribution of one's own: the smaller a layer, the denser.
 * ```ts
 * import { type Distribution, proportional } from '@espalier/core';
 *
 * export const bySquareRoot: Distribution = (layers, amount) =>
 *   proportional(layers, amount, ({ size }) => Math.sqrt(size));
 * ```
 */
export interface Distribution {
  /**
   * @param layers - Prunable layers with their scores, in the model's order.
   * @param amount - Overall sparsity, in [0, 1), or the exact number of entries that stay in all layers together.
   * @returns Entries kept, by layer name: integers between 0 and the layer's size.
   */
  (layers: readonly ScoredLayer[], amount: Amount): ReadonlyMap<string, number>;
  /** True if the overall count may differ from that of a sparsity, because some layers follow rules of their own. */
  readonly partial?: boolean;
  /**
   * Refuses a model that lacks layers which the distribution names. Methods call it when a session starts, so that a
   * slip of the pen does not come to light at the first pruning.
   *
   * @param layers - Prunable layers, in the model's order.
   */
  readonly requireLayers?: (layers: readonly LayerShape[]) => void;
}
