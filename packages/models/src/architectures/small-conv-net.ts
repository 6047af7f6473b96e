import { checkOptions } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { normalization } from '../layers/batch-normalization.js';
import { heNormal, leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';

/**
 * A small convolutional net for quick runs: two 3x3 convolutions of stride 2 (16 and 32 channels) with batch
 * normalization and ReLU, a hidden layer of 64 units, then logits.
 *
 * For 28x28x1 and 10 classes: 105,914 trainable parameters, 105,744 of them kernel entries (144 + 4,608 + 100,352 +
 * 640), and 355,008 multiply-accumulates for one image (28,224 + 225,792 + 100,352 + 640). Layers `conv1`,
 * `conv1_norm`, `conv2`, `conv2_norm`, `hidden`, `logits`, so kernels are called `conv1/kernel` and so on
 * (`originalName` of the variable).
 *
 * The output is logits, without a softmax. Convolutions have no bias, the normalization after them has one. The same
 * seed gives the same weights in every process.
 *
 * @param options - Input shape (default 28x28x1, sides of at least 4), number of classes, seed.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { smallConvNet } from '@espalier/models';
 *
 * const model = smallConvNet({ inputShape: [16, 16, 3], classes: 4, seed: 1 });
 * console.log(model.outputShape); // [null, 4]
 * model.dispose();
 * ```
 */
export function smallConvNet(options: ModelOptions = {}): tf.LayersModel {
  checkOptions<ModelOptions>(options, modelRules(4));
  const { inputShape, classes, seed } = resolveOptions(options, [28, 28, 1]);
  const block = (filters: number, name: string): tf.layers.Layer[] => [
    tf.layers.conv2d({
      filters,
      name,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      useBias: false,
      kernelInitializer: heNormal(seed, name),
      ...(name === 'conv1' ? { inputShape } : {}),
    }),
    normalization(`${name}_norm`),
    tf.layers.reLU({ name: `${name}_relu` }),
  ];
  return tf.sequential({
    name: 'small_conv_net',
    layers: [
      ...block(16, 'conv1'),
      ...block(32, 'conv2'),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ units: 64, name: 'hidden', activation: 'relu', kernelInitializer: heNormal(seed, 'hidden') }),
      tf.layers.dense({ units: classes, name: 'logits', kernelInitializer: leCunNormal(seed, 'logits') }),
    ],
  });
}
