import { checkOptions, rules } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-layers';
import { type ImageNetResNetOptions, imageNetResNet, imageNetResNetRules } from './imagenet-resnet.js';

/** Options of {@link resnet50}. */
export interface ResNet50Options extends ImageNetResNetOptions {
  /**
   * Which convolution of a block has the stride: the `'3x3'`, as in torchvision (version 1.5), or the first `'1x1'`, as
   * in the paper and in Keras's `ResNet50`. It decides whose weights fit.
   *
   * @defaultValue '3x3'
   */
  readonly strideAt?: '1x1' | '3x3' | undefined;
}

/**
 * ResNet-50 for ImageNet, in its version 1.5 as torchvision has it unless `strideAt` says otherwise: a 7x7 convolution
 * of stride 2, max pooling, four stages of 3, 4, 6 and 3 bottleneck blocks (1x1, 3x3, 1x1 convolutions; the stride is
 * on the 3x3), global average pooling, logits.
 *
 * For 224x224x3, width 64 and 1000 classes: 25,557,032 trainable parameters (23,454,912 in 53 convolutions, 53,120 in
 * normalization, 2,049,000 in the last layer), 53,120 moving statistics, and 4,089,184,256 multiply-accumulates for one
 * image.
 *
 * Everything that torchvision's weights depend on is as there: zeros on all sides before the stem (3 pixels) and before
 * 3x3 convolutions of stride 2 (1 pixel; TensorFlow's `same` would pad the bottom and the right only), normalization
 * with epsilon 1e-5 that keeps 0.9 of its moving statistics, convolutions without bias, shortcuts by a 1x1 convolution
 * where the shape changes. The max pooling sees a border of zeros, which never wins over a pixel because it follows a
 * ReLU; `poolPadding` moves it for checkpoints from RigL's TensorFlow code. The first weights differ: kernels start
 * from He's normal initializer (torchvision's counts the fan-out). Weight decay is left to the trainer.
 *
 * Layers have torchvision's names with `_` for `.`: `conv1`, `bn1`, `layer1_0_conv1`, `layer1_0_bn1`, … ,
 * `layer1_0_downsample_0` (convolution) and `layer1_0_downsample_1` (normalization), … , `layer4_2_bn3`, `fc`; so
 * kernels are called `layer1_0_conv1/kernel` and so on (`originalName` of the variable; tfjs appends `_1` to `name` in
 * a second model of one process). The output is logits, without a softmax. The same seed gives the same weights in
 * every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width, border of
 * the pooling, place of the stride.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see He et al. 2016, {@link https://arxiv.org/abs/1512.03385}, table 1 (50-layer); the stride's place is
 *   torchvision's.
 *
 * @example A narrow net for small images, as a quick test.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { resnet50 } from '@espalier/models';
 *
 * const model = resnet50({ inputShape: [32, 32, 3], width: 4, classes: 10, seed: 1 });
 * console.log(model.getLayer('layer4_2_relu').outputShape); // [null, 1, 1, 128]
 * model.dispose();
 * ```
 */
export function resnet50(options: ResNet50Options = {}): tf.LayersModel {
  checkOptions<ResNet50Options>(options, {
    ...imageNetResNetRules,
    strideAt: rules.optional(rules.oneOf('3x3', '1x1')),
  });
  const { strideAt = '3x3' } = options;
  return imageNetResNet({ name: 'resnet50', blocks: [3, 4, 6, 3], bottleneck: true, strideAt }, options);
}
