import type { Tensor } from '@tensorflow/tfjs-core';

const replaced: unique symbol = Symbol.for('espalier.replacedActivation') as never;

/** The class of an activation of tfjs-layers, patched at most once. */
interface Prototype {
  apply: (x: Tensor, ...rest: number[]) => Tensor;
  [replaced]?: true;
}

/**
 * Replaces what the class of an activation of tfjs-layers computes. Further calls do nothing.
 *
 * @param activation - An activation of that class.
 * @param compute - Gets the input, the activation as it was, and what follows the input.
 */
export function replaceApply(
  activation: object,
  compute: (x: Tensor, own: () => Tensor, ...rest: number[]) => Tensor,
): void {
  const prototype = Object.getPrototypeOf(activation) as Prototype;
  if (prototype[replaced]) return;
  prototype[replaced] = true;
  const own = prototype.apply;
  prototype.apply = function (x, ...rest) {
    return compute(x, () => own.call(this, x, ...rest), ...rest);
  };
}
