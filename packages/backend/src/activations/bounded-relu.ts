import * as tf from '@tensorflow/tfjs-core';
import { limitGradient } from './limit-gradient.js';
import { replaceApply } from './replace-apply.js';
import { hasKernel } from './replace-gradient.js';

/**
 * x from 0 to a limit in one pass. Input x; attributes high and, for the gradient, through, the largest x at which it
 * comes through, and cut as in `Limits`; output y.
 */
export const BOUNDED_RELU = 'EspalierBoundedRelu';

const installed: unique symbol = Symbol.for('espalier.boundedRelu') as never;

/** The parts of tfjs-layers' ReLU that its `call` works with. */
interface ReluLayer {
  readonly maxValue?: number | null;
}

type Call = (this: ReluLayer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) => tf.Tensor | tf.Tensor[];

/** The class of a layer, patched at most once. */
interface Prototype {
  call: Call;
  [installed]?: true;
}

/**
 * Makes the class of a ReLU layer of tfjs-layers compute a limited ReLU, such as ReLU6, as one operation with one
 * gradient where the current backend has the kernels, instead of a ReLU that is clipped afterwards. Values and
 * gradients are the same. A limit that is not above 0 is left to tfjs-layers. Further calls do nothing.
 */
export function fuseBoundedRelu(layer: object): void {
  const prototype = Object.getPrototypeOf(layer) as Prototype;
  if (prototype[installed]) return;
  prototype[installed] = true;
  registerBoundedReluGradient();
  const own = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const high = this.maxValue;
    if (typeof high !== 'number' || !(high > 0) || x?.dtype !== 'float32' || !hasKernel(BOUNDED_RELU)) {
      return own.call(this, inputs, kwargs);
    }
    return boundedRelu(x, high, { through: high, cut: true });
  };
}

/** The largest number of 32 bits below 6, where numbers are 2^-21 apart. */
const BELOW_SIX = 6 - 2 ** -21;

/**
 * Does the same for the activation `relu6` of tfjs-layers, the smaller of 6 and a ReLU, whose gradient is 0 at 6.
 *
 * @param activation - An activation of that class.
 */
export function fuseRelu6Activation(activation: object): void {
  registerBoundedReluGradient();
  replaceApply(activation, (x, own) =>
    x.dtype === 'float32' && hasKernel(BOUNDED_RELU) ? boundedRelu(x, 6, { through: BELOW_SIX, cut: false }) : own(),
  );
}

function boundedRelu(x: tf.Tensor, high: number, gradient: { through: number; cut: boolean }): tf.Tensor {
  return tf.engine().runKernel(BOUNDED_RELU, { x }, { high, ...gradient }) as tf.Tensor;
}

function registerBoundedReluGradient(): void {
  if (tf.getGradient(BOUNDED_RELU) != null) return;
  tf.registerGradient({
    kernelName: BOUNDED_RELU,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes) => {
      const [x] = saved as [tf.Tensor];
      const { through, cut } = attributes as { through: number; cut: boolean };
      return { x: () => limitGradient(dy as tf.Tensor, x, { low: 0, high: through, closed: false, cut }) };
    },
  });
}
