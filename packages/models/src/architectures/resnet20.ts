import type * as tf from '@tensorflow/tfjs-layers';
import { type CifarResNetOptions, cifarResNet } from './cifar-resnet.js';

/** Options of {@link resnet20}. */
export interface ResNet20Options extends CifarResNetOptions {}

/**
 * The ResNet-20 of the CIFAR-10 experiments: a 3x3 convolution, three stages of three residual blocks with two 3x3
 * convolutions each (16, 32 and 64 channels at 32x32, 16x16 and 8x8), global average pooling, logits.
 *
 * For 32x32x3, width 16 and 10 classes: 269,722 trainable parameters (267,696 in convolutions, 1,376 in normalization,
 * 650 in the last layer; the paper says 0.27 M), 1,376 moving statistics, and 40,551,040 multiply-accumulates for one
 * image. At width `w` the stages take about (w / 16)² of that.
 *
 * Shortcuts are the paper's option A, without parameters: every second pixel, and zeros for the new channels, half
 * before and half after the old ones. They are made of stock layers (average pooling of 1x1 with stride 2, permute,
 * zero padding, permute), so that `model.save` and `tf.loadLayersModel` work without custom classes. Convolutions have
 * no bias; normalization uses epsilon 1e-5 and keeps 0.9 of its moving statistics; kernels start from He's normal
 * initializer. Weight decay is left to the trainer. Convolutions of stride 2 pad one pixel on every side, as in the
 * paper and in PyTorch (TensorFlow's `same` would pad only the bottom and the right). Unlike PyTorch, tfjs keeps the
 * biased variance in the moving statistics.
 *
 * Layers are called `stem_conv`, `stem_norm`, `stage1_block0_conv1`, `stage1_block0_norm1`, … , `stage3_block2_norm2`,
 * `logits`, so kernels are called `stage1_block0_conv1/kernel` and so on (`originalName` of the variable; tfjs appends
 * `_1` to `name` in a second model of one process). The output is logits, without a softmax. The same seed gives the
 * same weights in every process.
 *
 * @param options - Input shape (default 32x32x3, sides of at least 4), number of classes, seed, width.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see He et al. 2016, {@link https://arxiv.org/abs/1512.03385}, section 4.2.
 *
 * @example A quarter-width net for a quick test.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { resnet20 } from '@espalier/models';
 *
 * const model = resnet20({ width: 4, seed: 1 });
 * console.log(model.outputShape); // [null, 10]
 * model.dispose();
 * ```
 */
export function resnet20(options: ResNet20Options = {}): tf.LayersModel {
  return cifarResNet('resnet20', 3, options);
}
