import { InvalidOptionError } from '../../errors/option-errors.js';
import { requireMasks } from '../session/decision-check.js';
import { maskMapRule } from '../session/session-options.js';
import { DeviceMasks } from '../weights/device-masks.js';
import type { ModelWeight } from '../weights/model-weight.js';
import { WeightTable } from '../weights/weight-table.js';

/**
 * Sets the masked entries of prunable weights to exactly 0, once and without a session. Training afterwards would
 * revive them; a session keeps them at 0.
 *
 * @param weights - Weights of the model.
 * @param masks - Masks by weight name; weights that are not named stay as they are.
 * @throws {@link UnknownLayerError} if a mask names no prunable weight.
 * @throws {@link ShapeMismatchError} if a mask has another size than its weight.
 * @throws {@link InvalidOptionError} if a mask contains anything but 0 and 1.
 *
 * @example
 * ```ts
 * import { applyMasks, weightsOf } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const kernel = tf.variable(tf.ones([1, 3]));
 * applyMasks(weightsOf({ kernel }), new Map([['kernel', Uint8Array.of(1, 0, 1)]])); // kernel is [1, 0, 1]
 * ```
 */
export function applyMasks(weights: readonly ModelWeight[], masks: ReadonlyMap<string, Uint8Array>): void {
  const table = new WeightTable(weights);
  maskMapRule('masks', masks as never);
  requireMasks(masks, table, 'applyMasks', reason => {
    throw new InvalidOptionError('masks', masks, `a Map of valid masks. ${reason}`);
  });
  const device = new DeviceMasks();
  try {
    for (const [name, mask] of masks) device.set(table.needPrunable(name, 'applyMasks'), mask);
    device.applyToWeights();
  } finally {
    device.dispose();
  }
}
