import * as tf from '@tensorflow/tfjs-core';
import { limitGradient } from './limit-gradient.js';
import { hasKernel } from './replace-gradient.js';

/** x from 0 to a limit in one pass. Input x, attribute high; output y. */
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
    return tf.engine().runKernel(BOUNDED_RELU, { x }, { high }) as tf.Tensor;
  };
}

function registerBoundedReluGradient(): void {
  if (tf.getGradient(BOUNDED_RELU) != null) return;
  tf.registerGradient({
    kernelName: BOUNDED_RELU,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attributes) => {
      const [x] = saved as [tf.Tensor];
      return {
        x: () => limitGradient(dy as tf.Tensor, x, { low: 0, high: attributes.high as number, closed: false }),
      };
    },
  });
}
