import { checkOptions } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { heNormal, leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';

/**
 * LeNet-300-100: two fully connected hidden layers of 300 and 100 units with ReLU, then logits.
 *
 * For 28x28x1 and 10 classes: 266,610 parameters (784·300 + 300 + 300·100 + 100 + 100·10 + 10), of which 266,200 are
 * kernel entries, and as many multiply-accumulates for one image. Layers `hidden1`, `hidden2`, `logits`, so kernels are
 * called `hidden1/kernel` and so on (`originalName` of the variable; tfjs appends `_1` to `name` in a second model of
 * one process).
 *
 * The output is logits, without a softmax: train with a loss that takes logits, such as
 * `tf.losses.softmaxCrossEntropy`. Kernels start from He's normal initializer (LeCun's for the logits), biases from 0.
 * The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 28x28x1), number of classes, seed.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see LeCun et al. 1998, "Gradient-based learning applied to document recognition", section III.C.3 (784-300-100-10,
 * there with scaled tanh units; ReLU as in the pruning literature since Han et al. 2015).
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { lenet300 } from '@espalier/models';
 *
 * const model = lenet300({ seed: 1 });
 * console.log(model.countParams()); // 266610
 * model.dispose();
 * ```
 */
export function lenet300(options: ModelOptions = {}): tf.LayersModel {
  checkOptions<ModelOptions>(options, modelRules(1));
  const { inputShape, classes, seed } = resolveOptions(options, [28, 28, 1]);
  const dense = (units: number, name: string): tf.layers.Layer =>
    tf.layers.dense({ units, name, activation: 'relu', kernelInitializer: heNormal(seed, name) });
  return tf.sequential({
    name: 'lenet300',
    layers: [
      tf.layers.flatten({ inputShape, name: 'flatten' }),
      dense(300, 'hidden1'),
      dense(100, 'hidden2'),
      tf.layers.dense({ units: classes, name: 'logits', kernelInitializer: leCunNormal(seed, 'logits') }),
    ],
  });
}
