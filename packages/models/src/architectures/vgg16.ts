import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { convolve } from '../layers/convolve.js';
import { heNormal, leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';

/** Options of {@link vgg16}. */
export interface Vgg16Options extends ModelOptions {
  /**
   * Channels of the first stage; the others have 2, 4, 8 and 8 times as many.
   *
   * @defaultValue 64, as in the paper.
   */
  readonly width?: number | undefined;
  /**
   * Length of the two hidden dense layers.
   *
   * @defaultValue 4096, as in the paper.
   */
  readonly hidden?: number | undefined;
}

/** Convolutions of each stage and their channels in multiples of the width (configuration D of the paper). */
const stages = [
  [2, 1],
  [2, 2],
  [3, 4],
  [3, 8],
  [3, 8],
] as const;

/**
 * VGG-16 for ImageNet without batch normalization, torchvision's `vgg16`: five stages of two or three 3x3 convolutions
 * with bias, max pooling of 2x2 after each, two hidden dense layers, logits.
 *
 * For 224x224x3, width 64, 4096 hidden and 1000 classes: 138,357,544 parameters (14,714,688 in 13 convolutions,
 * 123,642,856 in three dense layers) and 15,470,264,320 multiply-accumulates for one image. Building it at that size
 * draws 138 million weights, which takes 553 MB and several seconds.
 *
 * The dense layers take the last pooling as it is: there is no adaptive pooling to 7x7, which changes nothing at
 * 224x224. The image is flattened with its channels last, torchvision's with its channels first;
 * {@link loadTorchWeights} puts the rows of `classifier_0` in our order. There is no dropout (torchvision trains with
 * 0.5 after each hidden layer), and weight decay is left to the trainer. Kernels start from He's normal initializer,
 * the last layer from LeCun's.
 *
 * Layers have torchvision's names with `_` for `.`: convolutions `features_0`, `features_2`, `features_5`, … ,
 * `features_28`, dense layers `classifier_0`, `classifier_3`, `classifier_6`. The output is logits, without a softmax.
 * The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, sides of at least 32), number of classes (default 1000), seed,
 *   width, hidden.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Simonyan and Zisserman 2015, {@link https://arxiv.org/abs/1409.1556}, table 1 (D).
 *
 * @example A narrow net for small images.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { vgg16 } from '@espalier/models';
 *
 * const model = vgg16({ inputShape: [32, 32, 3], width: 4, hidden: 16, classes: 10, seed: 1 });
 * console.log(model.getLayer('features_30').outputShape); // [null, 1, 1, 32]
 * model.dispose();
 * ```
 */
export function vgg16(options: Vgg16Options = {}): tf.LayersModel {
  const size = rules.optional(rules.integer({ from: 1 }));
  checkOptions<Vgg16Options>(options, { ...modelRules(32), width: size, hidden: size });
  const { inputShape, classes, seed } = resolveOptions(options, [224, 224, 3], 1000);
  const { width = 64, hidden = 4096 } = options;
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = input;
  let index = 0;
  for (const [convolutions, factor] of stages) {
    for (let i = 0; i < convolutions; i++, index += 2) {
      const name = `features_${index}`;
      x = convolve(x, { filters: factor * width, size: 3, stride: 1, name, seed, bias: true });
      x = apply(tf.layers.reLU({ name: `features_${index + 1}` }), x);
    }
    x = apply(tf.layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'valid', name: `features_${index}` }), x);
    index++;
  }
  x = apply(tf.layers.flatten({ name: 'flatten' }), x);
  for (const position of [0, 3]) {
    const name = `classifier_${position}`;
    x = apply(tf.layers.dense({ units: hidden, name, kernelInitializer: heNormal(seed, name) }), x);
    x = apply(tf.layers.reLU({ name: `classifier_${position + 1}` }), x);
  }
  const kernelInitializer = leCunNormal(seed, 'classifier_6');
  const logits = tf.layers.dense({ units: classes, name: 'classifier_6', kernelInitializer });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: 'vgg16' });
}
