import type { Reparameterization } from '@espalier/core';
import type { ThresholdRule } from './threshold-function.js';

/** Name of the trained number of each layer, as views and checkpoints have it. */
export const threshold = 'threshold';

/**
 * `sign(w) · relu(|w| − g(s))` with one trained `s` a layer, and its gradients.
 *
 * Both compare `|w|` with the same `g(s)`, so what gets no gradient is exactly what is 0. Nothing is multiplied by a
 * mask: zeros are +0, and a NaN among masked entries stays there.
 */
export function softThresholding(rule: ThresholdRule, initial: number, decay: number): Reparameterization {
  const parameterOf = <T>(parameters: Readonly<Record<string, T>>): T => {
    const value = parameters[threshold];
    if (value === undefined) throw new TypeError(`The layer has no parameter "${threshold}".`);
    return value;
  };
  return {
    parameters: () => [{ name: threshold, initial, decay }],
    effective(operations, raw, parameters) {
      const value = rule.value(operations, parameterOf(parameters));
      const magnitude = operations.abs(raw);
      const shrunk = operations.mul(operations.sign(raw), operations.sub(magnitude, value));
      return operations.whereGreater(magnitude, value, shrunk, 0);
    },
    backward(operations, { raw, parameters, gradient }) {
      const value = rule.value(operations, parameterOf(parameters));
      const active = operations.whereGreater(operations.abs(raw), value, gradient, 0);
      const total = operations.sum(operations.mul(operations.sign(raw), active));
      const slope = operations.mul(rule.slope(operations, value), -1);
      return { raw: active, parameters: { [threshold]: operations.mul(slope, total) } };
    },
  };
}
