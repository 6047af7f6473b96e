import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { depthwiseHeNormal, heNormal, leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';
import { variants } from './mobilenet-variants.js';

/** Options of {@link mobileNetV1}. */
export interface MobileNetV1Options extends ModelOptions {
  /**
   * Factor of the channels of every layer (α of the paper), a finite number of at least 1/32. Channels are rounded
   * down, as in Keras.
   *
   * @defaultValue 1
   */
  readonly widthMultiplier?: number | undefined;
  /**
   * Whose details the net has, which are not in the paper and decide whose weights fit:
   *
   * - `'keras'`: TensorFlow's `same` padding, ReLU6, normalization with epsilon 1e-3 that keeps 0.99 of its moving
   *   statistics;
   * - `'torch'`: zeros on all sides, ReLU, epsilon 1e-5 and 0.9, as in the PyTorch nets of the studies on pruning.
   *
   * @defaultValue 'keras'
   */
  readonly variant?: 'keras' | 'torch' | undefined;
}

/** Output channels and stride of the depthwise separable blocks (table 1 of the paper). */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

/**
 * MobileNetV1 for ImageNet: a 3x3 convolution of stride 2, thirteen blocks of a depthwise 3x3 and a pointwise 1x1
 * convolution, each followed by batch normalization and ReLU6 (ReLU in the variant `'torch'`), global average pooling,
 * logits.
 *
 * For 224x224x3, multiplier 1 and 1000 classes: 4,231,976 trainable parameters (864 + 44,640 depthwise + 3,139,584
 * pointwise in convolutions, 21,888 in normalization, 1,025,000 in the last layer), 21,888 moving statistics, and
 * 568,740,352 multiply-accumulates for one image.
 *
 * In the variant `'keras'`, padding is TensorFlow's `same` throughout, as in the authors' code: at even sides a
 * convolution of stride 2 sees one row of zeros below and one column at the right, and none above and at the left. That
 * is Keras's `MobileNet` wherever the sides are multiples of 32; it is not PyTorch's symmetric padding, which `'torch'`
 * has. Normalization uses epsilon 1e-3 and keeps 0.99 of its moving statistics, Keras's values (`'torch'`: 1e-5 and
 * 0.9); convolutions have no bias; kernels start from He's normal initializer. There is no dropout, and weight decay is
 * left to the trainer.
 *
 * Layers have Keras's names: `conv1`, `conv1_bn`, `conv_dw_1`, `conv_dw_1_bn`, `conv_pw_1`, … , `conv_pw_13_bn`; the
 * last layer is `logits`, a dense layer in place of Keras's 1x1 convolution `conv_preds` with the same numbers.
 * Variables are called `conv_dw_1/depthwise_kernel`, `conv_pw_1/kernel` and so on (`originalName`; tfjs appends `_1` to
 * `name` in a second model of one process). The output is logits, without a softmax. The same seed gives the same
 * weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width
 *   multiplier, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Howard et al. 2017, {@link https://arxiv.org/abs/1704.04861}, table 1.
 *
 * @example A narrow net for small images.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mobileNetV1 } from '@espalier/models';
 *
 * const model = mobileNetV1({ inputShape: [32, 32, 3], widthMultiplier: 0.125, classes: 10, seed: 1 });
 * console.log(model.getLayer('conv_pw_13').outputShape); // [null, 1, 1, 128]
 * model.dispose();
 * ```
 */
export function mobileNetV1(options: MobileNetV1Options = {}): tf.LayersModel {
  checkOptions<MobileNetV1Options>(options, {
    ...modelRules(1),
    widthMultiplier: rules.optional(rules.number({ from: 1 / 32 })),
    variant: rules.optional(rules.oneOf('keras', 'torch')),
  });
  const { inputShape, classes, seed } = resolveOptions(options, [224, 224, 3], 1000);
  const { widthMultiplier: multiplier = 1, variant = 'keras' } = options;
  const details = variants[variant];
  const input = tf.input({ shape: inputShape, name: 'image' });
  let channels = Math.floor(32 * multiplier);
  const convolve = (x: tf.SymbolicTensor, filters: number, size: number, name: string): tf.SymbolicTensor => {
    const kernelInitializer = heNormal(seed, name);
    const strides = size === 1 ? 1 : 2;
    const [padded, padding] = details.pad(x, size, strides, name);
    const settings = { filters, strides, padding, kernelInitializer, name, kernelSize: size, useBias: false } as const;
    return details.activate(apply(tf.layers.conv2d(settings), padded), name);
  };
  let x = convolve(input, channels, 3, 'conv1');
  for (const [index, [filters, strides]] of blocks.entries()) {
    const name = `conv_dw_${index + 1}`;
    const depthwiseInitializer = depthwiseHeNormal(seed, name, channels);
    const [padded, padding] = details.pad(x, 3, strides, name);
    const settings = { strides, padding, depthwiseInitializer, name, kernelSize: 3, useBias: false } as const;
    x = details.activate(apply(tf.layers.depthwiseConv2d(settings), padded), name);
    channels = Math.floor(filters * multiplier);
    x = convolve(x, channels, 1, `conv_pw_${index + 1}`);
  }
  x = apply(tf.layers.globalAveragePooling2d({ name: 'global_average_pooling2d' }), x);
  const logits = tf.layers.dense({ units: classes, name: 'logits', kernelInitializer: leCunNormal(seed, 'logits') });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: 'mobilenet_v1' });
}
