import * as tf from '@tensorflow/tfjs-core';
import { registerLinearGradient, replaceGradient } from './replace-gradient.js';

/** ReLU's gradient in one pass. Inputs dy, x; output dx. */
export const RELU_GRADIENT = 'EspalierReluGrad';

/** Lets ReLU's gradient run as one kernel, instead of Step, Cast and Multiply. */
export function replaceReluGradient(): void {
  registerLinearGradient(RELU_GRADIENT);
  replaceGradient('Relu', RELU_GRADIENT, (dy, x) => tf.engine().runKernel(RELU_GRADIENT, { dy, x }) as tf.Tensor);
}
