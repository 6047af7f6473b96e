import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type EfficientNetLiteOptions, efficientNetLite } from './efficientnet-lite-family.js';

/**
 * EfficientNet-Lite0 for ImageNet: a 3x3 convolution of stride 2, sixteen inverted residual blocks in seven stages with
 * depthwise kernels of 3x3 and 5x5, a pointwise convolution to 1280 channels, global average pooling, logits. It is
 * EfficientNet-B0 without squeeze-and-excitation and with ReLU6 for swish.
 *
 * For 224x224x3 and 1000 classes: 4,652,008 trainable parameters, 42,016 moving statistics, and 385,187,552
 * multiply-accumulates for one image.
 *
 * Layers have timm's names with `_` for the dots: `conv_stem`, `bn1`, `blocks_1_0_conv_pw`, `blocks_1_0_bn1`,
 * `blocks_1_0_conv_dw`, … , `conv_head`, `bn2`, `classifier`. `loadTorchWeights` fills them with timm's weights and
 * with those of `efficientnet_lite_pytorch`, whose names begin with `_`. Images are `(pixel − 127) / 128`, the
 * normalization `efficientnet-lite`, for weights of the authors. There is no dropout; the output is logits, without a
 * softmax. The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Tan and Le 2019, {@link https://arxiv.org/abs/1905.11946}, table 1; the lite versions are of the authors' code,
 *   {@link https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite}.
 *
 * @example For small images of ten classes.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { efficientnetLite0 } from '@espalier/models';
 *
 * const model = efficientnetLite0({ inputShape: [64, 64, 3], classes: 10, seed: 1 });
 * console.log(model.getLayer('conv_head').outputShape); // [null, 2, 2, 1280]
 * model.dispose();
 * ```
 */
export function efficientnetLite0(options: EfficientNetLiteOptions = {}): LayersModel {
  return efficientNetLite({ name: 'efficientnet_lite0', width: 1, depth: 1, side: 224 }, options);
}

/**
 * EfficientNet-Lite1: {@link efficientnetLite0} of 1.1 times the depth, rounded as in the paper, for images of
 * 240x240x3; some 5.4 million parameters.
 *
 * @param options - Input shape (default 240x240x3, any sides), number of classes (default 1000), seed, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { efficientnetLite1 } from '@espalier/models';
 *
 * const model = efficientnetLite1({ inputShape: [32, 32, 3], classes: 3 });
 * console.log(model.outputShape); // [null, 3]
 * model.dispose();
 * ```
 */
export function efficientnetLite1(options: EfficientNetLiteOptions = {}): LayersModel {
  return efficientNetLite({ name: 'efficientnet_lite1', width: 1, depth: 1.1, side: 240 }, options);
}

/**
 * EfficientNet-Lite2: {@link efficientnetLite0} of 1.2 times the depth and 1.1 times the channels, rounded as in
 * the paper, for images of 260x260x3; some 6.1 million parameters.
 *
 * @param options - Input shape (default 260x260x3, any sides), number of classes (default 1000), seed, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { efficientnetLite2 } from '@espalier/models';
 *
 * const model = efficientnetLite2({ inputShape: [32, 32, 3], classes: 3 });
 * console.log(model.outputShape); // [null, 3]
 * model.dispose();
 * ```
 */
export function efficientnetLite2(options: EfficientNetLiteOptions = {}): LayersModel {
  return efficientNetLite({ name: 'efficientnet_lite2', width: 1.1, depth: 1.2, side: 260 }, options);
}

/**
 * EfficientNet-Lite3: {@link efficientnetLite0} of 1.4 times the depth and 1.2 times the channels, rounded as in
 * the paper, for images of 280x280x3; some 8.2 million parameters.
 *
 * @param options - Input shape (default 280x280x3, any sides), number of classes (default 1000), seed, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { efficientnetLite3 } from '@espalier/models';
 *
 * const model = efficientnetLite3({ inputShape: [32, 32, 3], classes: 3 });
 * console.log(model.outputShape); // [null, 3]
 * model.dispose();
 * ```
 */
export function efficientnetLite3(options: EfficientNetLiteOptions = {}): LayersModel {
  return efficientNetLite({ name: 'efficientnet_lite3', width: 1.2, depth: 1.4, side: 280 }, options);
}

/**
 * EfficientNet-Lite4: {@link efficientnetLite0} of 1.8 times the depth and 1.4 times the channels, rounded as in
 * the paper, for images of 300x300x3; some 13.0 million parameters.
 *
 * @param options - Input shape (default 300x300x3, any sides), number of classes (default 1000), seed, variant.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { efficientnetLite4 } from '@espalier/models';
 *
 * const model = efficientnetLite4({ inputShape: [32, 32, 3], classes: 3 });
 * console.log(model.outputShape); // [null, 3]
 * model.dispose();
 * ```
 */
export function efficientnetLite4(options: EfficientNetLiteOptions = {}): LayersModel {
  return efficientNetLite({ name: 'efficientnet_lite4', width: 1.4, depth: 1.8, side: 300 }, options);
}
