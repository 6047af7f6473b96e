import type { Distribution } from '../../distribution/distribution.js';
import { type Amount, requireAmount } from '../../mask/amount.js';
import type { Criterion } from '../../mask/criterion.js';
import { checkOptions } from '../../options/check-options.js';
import { rules } from '../../options/rules.js';
import { selectMasks } from '../../selection/select-masks.js';
import { emptiedWarning, frozenWarning, type SessionWarning, warn } from '../session/session-warning.js';
import { viewLayers } from '../session/step/step-view.js';
import type { ModelWeight } from '../weights/model-weight.js';
import { requirePrunable } from '../weights/require-prunable.js';
import { WeightTable } from '../weights/weight-table.js';
import { applyMasks } from './apply-masks.js';

/** Options of {@link pruneOnce}. */
export interface PruneOnceOptions {
  /**
   * Called with every warning, e.g. about frozen layers that stay dense.
   *
   * @defaultValue `console.warn` with the message
   */
  readonly onWarning?: ((warning: SessionWarning) => void) | undefined;
}

/**
 * Prunes a model once, without training: reads the prunable weights, selects, and sets what is pruned to 0.
 *
 * Every entry takes part, also those that are 0 already, so the counts are exactly what the distribution returns; under
 * a magnitude criterion zeros go first, and pruning a sparse model further only adds to them.
 *
 * @param weights - Weights of the model, from {@link modelWeights} or {@link weightsOf}.
 * @param criterion - Score of each entry; the highest stay.
 * @param amount - Overall sparsity in [0, 1), or the exact number of entries that stay in all layers together:
 *   `{ kept: 1234 }`.
 * @param distribution - How it is spread over the layers.
 * @param options - Where warnings go.
 * @returns The masks, for a session that trains on ({@link SessionOptions.masks}) or a report.
 * @throws {@link InvalidOptionError} if the sparsity is not in [0, 1), the count no integer from 1 to the number of
 *   entries, or something is of another type.
 * @throws {@link NoPrunableWeightsError} if none of the weights is prunable.
 * @throws {@link NonFiniteScoreError} if a score is NaN.
 *
 * @example Keep the largest half of all weights.
 * ```ts
 * import { activeMagnitude, global } from '@espalier/core';
 * import { modelWeights, pruneOnce } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ name: 'head', units: 2, inputShape: [4] })] });
 * const masks = await pruneOnce(modelWeights(model), activeMagnitude, 0.5, global);
 * masks.get('head/kernel'); // 4 ones and 4 zeros
 * ```
 */
export async function pruneOnce(
  weights: readonly ModelWeight[],
  criterion: Criterion,
  amount: Amount,
  distribution: Distribution,
  options: PruneOnceOptions = {},
): Promise<Map<string, Uint8Array>> {
  const table = new WeightTable(weights);
  rules.function('criterion', criterion as never);
  requireAmount('amount', amount);
  rules.function('distribution', distribution as never);
  checkOptions<PruneOnceOptions>(options, { onWarning: rules.optional(rules.function) });
  requirePrunable(table, 'pruneOnce');
  warn(options, frozenWarning(table));
  const layers = await viewLayers(table.prunable, { kind: 'weights' }, {});
  const masks = selectMasks(layers, criterion, amount, distribution);
  warn(options, emptiedWarning(masks));
  applyMasks(weights, masks);
  return masks;
}
