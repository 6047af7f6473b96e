import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type MobileNetV3Options, mobileNetV3, type Stage } from './mobilenet-v3-family.js';

/** Table 1 of the paper; expansions are the ratios of its middle channels to those before them. */
const large: readonly Stage[] = [
  { size: 3, stride: 1, expansions: [1], filters: 16, activation: 'relu' },
  { size: 3, stride: 2, expansions: [4, 3], filters: 24, activation: 'relu' },
  { size: 5, stride: 2, expansions: [3, 3, 3], filters: 40, activation: 'relu', squeezes: true },
  { size: 3, stride: 2, expansions: [6, 2.5, 2.3, 2.3], filters: 80, activation: 'hardSwish' },
  { size: 3, stride: 1, expansions: [6, 6], filters: 112, activation: 'hardSwish', squeezes: true },
  { size: 5, stride: 2, expansions: [6, 6, 6], filters: 160, activation: 'hardSwish', squeezes: true },
];

/** Table 2 of the paper. */
const small: readonly Stage[] = [
  { size: 3, stride: 2, expansions: [1], filters: 16, activation: 'relu', squeezes: true },
  { size: 3, stride: 2, expansions: [4.5, 3.67], filters: 24, activation: 'relu' },
  { size: 5, stride: 2, expansions: [4, 6, 6], filters: 40, activation: 'hardSwish', squeezes: true },
  { size: 5, stride: 1, expansions: [3, 3], filters: 48, activation: 'hardSwish', squeezes: true },
  { size: 5, stride: 2, expansions: [6, 6, 6], filters: 96, activation: 'hardSwish', squeezes: true },
];

/**
 * MobileNetV3-Large for ImageNet: a 3x3 convolution of stride 2, fifteen inverted residual blocks in six stages, of
 * which eight have squeeze-and-excitation, a pointwise convolution to 960 channels, global average pooling, a hidden
 * layer of 1280, logits. The first blocks have ReLU, the others hard swish, `x · relu6(x + 3) / 6`, which is made of
 * `Rescaling`, `ReLU` and `Multiply`, since TensorFlow.js has no such activation; the gates of the
 * squeeze-and-excitation are `relu6(x + 3) / 6`.
 *
 * For 224x224x3, multiplier 1 and 1000 classes: 5,483,032 trainable parameters, as in torchvision, 24,400 moving
 * statistics, and 216,589,760 multiply-accumulates for one image.
 *
 * Layers have timm's names with `_` for the dots: `conv_stem`, `bn1`, `blocks_2_0_conv_pw`,
 * `blocks_2_0_se_conv_reduce`, … , `blocks_6_0_conv`, `conv_head`, `classifier`. `loadTorchWeights` fills
 * them with the weights of torchvision's `mobilenet_v3_large`, and in the other variants with timm's. There is no
 * dropout; the output is logits, without a softmax. The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width
 *   multiplier, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Howard et al. 2019, {@link https://arxiv.org/abs/1905.02244}, table 1.
 *
 * @example For small images of ten classes.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mobileNetV3Large } from '@espalier/models';
 *
 * const model = mobileNetV3Large({ inputShape: [64, 64, 3], widthMultiplier: 0.75, classes: 10, seed: 1 });
 * console.log(model.getLayer('blocks_6_0_conv').outputShape); // [null, 2, 2, 720]
 * model.dispose();
 * ```
 */
export function mobileNetV3Large(options: MobileNetV3Options = {}): LayersModel {
  return mobileNetV3({ name: 'mobilenet_v3_large', stages: large, last: 960, hidden: 1280 }, options);
}

/**
 * MobileNetV3-Small for ImageNet: {@link mobileNetV3Large} with eleven blocks in five stages, a pointwise convolution
 * to 576 channels and a hidden layer of 1024.
 *
 * For 224x224x3, multiplier 1 and 1000 classes: 2,542,856 trainable parameters, as in torchvision, 12,112 moving
 * statistics, and 56,510,400 multiply-accumulates for one image.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width
 *   multiplier, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Howard et al. 2019, {@link https://arxiv.org/abs/1905.02244}, table 2.
 *
 * @example For small images of ten classes.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { mobileNetV3Small } from '@espalier/models';
 *
 * const model = mobileNetV3Small({ inputShape: [32, 32, 3], widthMultiplier: 0.5, classes: 10, seed: 1 });
 * console.log(model.getLayer('blocks_5_0_conv').outputShape); // [null, 1, 1, 288]
 * model.dispose();
 * ```
 */
export function mobileNetV3Small(options: MobileNetV3Options = {}): LayersModel {
  return mobileNetV3({ name: 'mobilenet_v3_small', stages: small, last: 576, hidden: 1024 }, options);
}
