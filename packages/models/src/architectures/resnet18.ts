import { checkOptions } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-layers';
import { type ImageNetResNetOptions, imageNetResNet, imageNetResNetRules } from './imagenet-resnet.js';

/** Options of {@link resnet18}. */
export interface ResNet18Options extends ImageNetResNetOptions {}

/**
 * ResNet-18 for ImageNet as torchvision has it: a 7x7 convolution of stride 2, max pooling, four stages of two blocks
 * with two 3x3 convolutions each, global average pooling, logits.
 *
 * For 224x224x3, width 64 and 1000 classes: 11,689,512 trainable parameters (11,166,912 in 20 convolutions, 9,600 in
 * normalization, 513,000 in the last layer), 9,600 moving statistics, and 1,814,073,344 multiply-accumulates for one
 * image.
 *
 * Padding, normalization, shortcuts and names are those of {@link resnet50}: zeros on all sides, epsilon 1e-5,
 * convolutions without bias, a 1x1 convolution where the shape changes (in the first block of stages 2 to 4),
 * torchvision's names with `_` for `.`: `layer2_0_downsample_0/kernel` and so on. The output is logits, without a
 * softmax. The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width, border of
 * the pooling.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see He et al. 2016, {@link https://arxiv.org/abs/1512.03385}, table 1 (18-layer).
 *
 * @example A narrow net for small images, as a quick test.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { resnet18 } from '@espalier/models';
 *
 * const model = resnet18({ inputShape: [32, 32, 3], width: 4, classes: 10, seed: 1 });
 * console.log(model.getLayer('layer4_1_relu').outputShape); // [null, 1, 1, 32]
 * model.dispose();
 * ```
 */
export function resnet18(options: ResNet18Options = {}): tf.LayersModel {
  checkOptions<ResNet18Options>(options, imageNetResNetRules);
  return imageNetResNet({ name: 'resnet18', blocks: [2, 2, 2, 2], bottleneck: false }, options);
}
