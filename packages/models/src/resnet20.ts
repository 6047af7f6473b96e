import * as tf from '@tensorflow/tfjs-layers';
import { apply } from './apply.js';
import { normalisation } from './batch-normalisation.js';
import { heNormal, leCunNormal } from './initializer.js';
import { type ModelOptions, requireInteger, resolveOptions } from './options.js';
import { shortcut } from './shortcut.js';

/** Options of {@link resnet20}. */
export interface ResNet20Options extends ModelOptions {
  /**
   * Channels of the first stage; the second and third have twice and four times as many.
   *
   * @defaultValue 16, as in the paper.
   */
  readonly width?: number;
}

const blocksPerStage = 3;

/**
 * The ResNet-20 of the CIFAR-10 experiments: a 3x3 convolution, three stages of three residual blocks with two 3x3 convolutions
 * each (16, 32 and 64 channels at 32x32, 16x16 and 8x8), global average pooling, logits.
 *
 * For 32x32x3, width 16 and 10 classes: 269,722 trainable parameters (267,696 in convolutions, 1,376 in normalisation, 650 in
 * the last layer; the paper says 0.27 M), 1,376 moving statistics, and 40,551,040 multiply-accumulates for one image. At width
 * `w` the stages take about (w / 16)² of that.
 *
 * Shortcuts are the paper's option A, without parameters: every second pixel, and zeros for the new channels, half before and
 * half after the old ones. They are made of stock layers (average pooling of 1x1 with stride 2, permute, zero padding,
 * permute), so that `model.save` and `tf.loadLayersModel` work without custom classes. Convolutions have no bias;
 * normalisation uses epsilon 1e-5 and keeps 0.9 of its moving statistics; kernels start from He's normal initialiser. Weight
 * decay is left to the trainer. Convolutions of stride 2 pad one pixel on every side, as in the paper and in PyTorch (TensorFlow's
 * `same` would pad only the bottom and the right). Unlike PyTorch, tfjs keeps the biased variance in the moving statistics.
 *
 * Layers are called `stem_conv`, `stem_norm`, `stage1_block0_conv1`, `stage1_block0_norm1`, … , `stage3_block2_norm2`, `logits`,
 * so kernels are called `stage1_block0_conv1/kernel` and so on (`originalName` of the variable; tfjs appends `_1` to `name` in a
 * second model of one process). The output is logits, without a softmax. The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 32x32x3, sides of at least 4), number of classes, seed, width.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidModelOptionError} if an option is out of range.
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
  const { inputShape, classes, seed } = resolveOptions('resnet20', options, [32, 32, 3], 4);
  const width = requireInteger('resnet20', 'width', options.width ?? 16, 2);
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = convolve(input, width, 1, 'stem_conv', 'stem_norm', seed);
  x = apply(tf.layers.reLU({ name: 'stem_relu' }), x);
  for (let stage = 1; stage <= 3; stage++) {
    for (let block = 0; block < blocksPerStage; block++) {
      const stride = stage > 1 && block === 0 ? 2 : 1;
      x = residualBlock(x, width * 2 ** (stage - 1), stride, `stage${stage}_block${block}`, seed);
    }
  }
  x = apply(tf.layers.globalAveragePooling2d({ name: 'pool' }), x);
  const kernelInitializer = leCunNormal(seed, 'logits');
  const logits = apply(tf.layers.dense({ units: classes, name: 'logits', kernelInitializer }), x);
  return tf.model({ inputs: input, outputs: logits, name: 'resnet20' });
}

function residualBlock(
  input: tf.SymbolicTensor,
  filters: number,
  stride: number,
  name: string,
  seed: number,
): tf.SymbolicTensor {
  let x = convolve(input, filters, stride, `${name}_conv1`, `${name}_norm1`, seed);
  x = apply(tf.layers.reLU({ name: `${name}_relu1` }), x);
  x = convolve(x, filters, 1, `${name}_conv2`, `${name}_norm2`, seed);
  x = apply(tf.layers.add({ name: `${name}_add` }), [shortcut(input, filters, stride, name), x]);
  return apply(tf.layers.reLU({ name: `${name}_relu2` }), x);
}

function convolve(
  input: tf.SymbolicTensor,
  filters: number,
  strides: number,
  name: string,
  normalisationName: string,
  seed: number,
): tf.SymbolicTensor {
  const kernelInitializer = heNormal(seed, name);
  const options = { filters, strides, name, kernelInitializer, kernelSize: 3, useBias: false } as const;
  const padded = strides === 1 ? input : apply(tf.layers.zeroPadding2d({ padding: 1, name: `${name}_pad` }), input);
  const convolution = tf.layers.conv2d({ ...options, padding: strides === 1 ? 'same' : 'valid' });
  return apply(normalisation(normalisationName), apply(convolution, padded));
}
