import type * as tf from '@tensorflow/tfjs-layers';
import { type CifarResNetOptions, cifarResNet } from './cifar-resnet.js';

/** Options of {@link resnet56}. */
export interface ResNet56Options extends CifarResNetOptions {}

/**
 * The ResNet-56 of the CIFAR-10 experiments: {@link resnet20} with nine residual blocks in each stage instead of three.
 *
 * For 32x32x3, width 16 and 10 classes: 853,018 trainable parameters (848,304 in convolutions, 4,064 in normalization,
 * 650 in the last layer; the paper says 0.85 M), 4,064 moving statistics, and 125,485,696 multiply-accumulates for one
 * image.
 *
 * Everything else, names included, is as in {@link resnet20}; the last block is `stage3_block8`.
 *
 * @param options - Input shape (default 32x32x3, sides of at least 4), number of classes, seed, width.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see He et al. 2016, {@link https://arxiv.org/abs/1512.03385}, section 4.2 (n = 9).
 *
 * @example A quarter-width net for a quick test.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { resnet56 } from '@espalier/models';
 *
 * const model = resnet56({ width: 4, seed: 1 });
 * console.log(model.getLayer('stage3_block8_relu2').outputShape); // [null, 8, 8, 16]
 * model.dispose();
 * ```
 */
export function resnet56(options: ResNet56Options = {}): tf.LayersModel {
  return cifarResNet('resnet56', 9, options);
}
