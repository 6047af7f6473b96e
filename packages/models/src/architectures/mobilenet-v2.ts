import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';
import { details, InvertedResidualBuilder, roundedChannels } from './inverted-residual.js';

/** Options of {@link mobileNetV2}. */
export interface MobileNetV2Options extends ModelOptions {
  /**
   * Factor of the channels of every layer (the width multiplier of the paper), a finite number of at least 1/32.
   * Channels are rounded to multiples of 8, as in torchvision and timm; the 1280 of the last convolution grow with it
   * and do not shrink.
   *
   * @defaultValue 1
   */
  readonly widthMultiplier?: number | undefined;
  /**
   * Whose details the net has, which are not in the paper and decide whose weights fit:
   *
   * - `'torch'`: zeros on all sides, normalization with epsilon 1e-5 that keeps 0.9 of its moving statistics, as in
   *   torchvision and timm;
   * - `'keras'`: TensorFlow's `same` padding, 1e-3 and 0.99, as in Keras.
   *
   * @defaultValue 'torch'
   */
  readonly variant?: 'keras' | 'torch' | undefined;
}

/** Blocks of a stage, stride of the first, expansion, output channels (table 2 of the paper). */
const stages = [
  [1, 1, 1, 16],
  [2, 2, 6, 24],
  [3, 2, 6, 32],
  [4, 2, 6, 64],
  [3, 1, 6, 96],
  [3, 2, 6, 160],
  [1, 1, 6, 320],
] as const;

/**
 * MobileNetV2 for ImageNet: a 3x3 convolution of stride 2, seventeen inverted residual blocks with linear bottlenecks
 * in seven stages, a pointwise convolution to 1280 channels, global average pooling, logits. Activations are ReLU6.
 *
 * For 224x224x3, multiplier 1 and 1000 classes: 3,504,872 trainable parameters, as in torchvision, 34,112 moving
 * statistics, and 300,774,272 multiply-accumulates for one image.
 *
 * Layers have timm's names with `_` for the dots: `conv_stem`, `bn1`, `blocks_1_0_conv_pw`, `blocks_1_0_bn1`,
 * `blocks_1_0_conv_dw`, … , `conv_head`, `bn2`, `classifier`. `loadTorchWeights` fills them with the weights of
 * torchvision's `mobilenet_v2` and timm's `mobilenetv2_035` to `mobilenetv2_140`, whose images are normalized with the
 * means and deviations of ImageNet. There is no dropout; the output is logits, without a softmax. The same seed gives
 * the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width
 *   multiplier, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Sandler et al. 2018, {@link https://arxiv.org/abs/1801.04381}, table 2.
 *
 * @example A narrow net for small images.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mobileNetV2 } from '@espalier/models';
 *
 * const model = mobileNetV2({ inputShape: [32, 32, 3], widthMultiplier: 0.25, classes: 10, seed: 1 });
 * console.log(model.getLayer('blocks_6_0_conv_pwl').outputShape); // [null, 1, 1, 80]
 * model.dispose();
 * ```
 */
export function mobileNetV2(options: MobileNetV2Options = {}): tf.LayersModel {
  checkOptions<MobileNetV2Options>(options, {
    ...modelRules(1),
    widthMultiplier: rules.optional(rules.number({ from: 1 / 32 })),
    variant: rules.optional(rules.oneOf('keras', 'torch')),
  });
  const { inputShape, classes, seed } = resolveOptions(options, [224, 224, 3], 1000);
  const { widthMultiplier: width = 1, variant = 'torch' } = options;
  const build = new InvertedResidualBuilder(details[variant], seed);
  const input = tf.input({ shape: inputShape, name: 'image' });
  const stem = roundedChannels(32 * width);
  let x = build.convolve(input, { filters: stem, size: 3, stride: 2, names: ['conv_stem', 'bn1'] });
  for (const [stage, [repeats, firstStride, expansion, channels]] of stages.entries()) {
    const filters = roundedChannels(channels * width);
    for (let index = 0; index < repeats; index++) {
      const stride = index === 0 ? firstStride : 1;
      const expanded = expansion * (x.shape[3] as number);
      x = build.block(x, { name: `blocks_${stage}_${index}`, size: 3, stride, expanded, filters });
    }
  }
  const head = roundedChannels(1280 * Math.max(1, width));
  x = build.convolve(x, { filters: head, size: 1, stride: 1, names: ['conv_head', 'bn2'] });
  x = apply(tf.layers.globalAveragePooling2d({ name: 'global_pool' }), x);
  const kernelInitializer = leCunNormal(seed, 'classifier');
  const logits = tf.layers.dense({ units: classes, name: 'classifier', kernelInitializer });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: 'mobilenet_v2' });
}
