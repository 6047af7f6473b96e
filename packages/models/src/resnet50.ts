import * as tf from '@tensorflow/tfjs-layers';
import { apply } from './apply.js';
import { normalisation } from './batch-normalisation.js';
import { heNormal, leCunNormal } from './initializer.js';
import { type ModelOptions, requireInteger, resolveOptions } from './options.js';

/** Options of {@link resnet50}. */
export interface ResNet50Options extends ModelOptions {
  /**
   * Channels of the stem and of the first stage's bottleneck; later stages have twice, four and eight times as many, and every
   * block puts out four times its bottleneck.
   *
   * @defaultValue 64, as in the paper.
   */
  readonly width?: number;
}

/** Blocks of the four stages. */
const stages = [3, 4, 6, 3] as const;

/**
 * ResNet-50 for ImageNet in its version 1.5, as torchvision has it: a 7x7 convolution of stride 2, max pooling, four stages of 3,
 * 4, 6 and 3 bottleneck blocks (1x1, 3x3, 1x1 convolutions; the stride is on the 3x3), global average pooling, logits.
 *
 * For 224x224x3, width 64 and 1000 classes: 25,557,032 trainable parameters (23,454,912 in 53 convolutions, 53,120 in
 * normalisation, 2,049,000 in the last layer), 53,120 moving statistics, and 4,089,184,256 multiply-accumulates for one image.
 *
 * Everything that torchvision's weights depend on is as there: zeros on all sides before the stem (3 pixels) and before 3x3
 * convolutions of stride 2 (1 pixel; TensorFlow's `same` would pad the bottom and the right only), normalisation with epsilon
 * 1e-5 that keeps 0.9 of its moving statistics, convolutions without bias, shortcuts by a 1x1 convolution where the shape
 * changes. The max pooling sees a border of zeros, which never wins over a pixel because it follows a ReLU. The first weights
 * differ: kernels start from He's normal initialiser (torchvision's counts the fan-out). Weight decay is left to the trainer.
 *
 * Layers have torchvision's names with `_` for `.`: `conv1`, `bn1`, `layer1_0_conv1`, `layer1_0_bn1`, … ,
 * `layer1_0_downsample_0` (convolution) and `layer1_0_downsample_1` (normalisation), … , `layer4_2_bn3`, `fc`; so kernels are called
 * `layer1_0_conv1/kernel` and so on (`originalName` of the variable; tfjs appends `_1` to `name` in a second model of one
 * process). The output is logits, without a softmax. The same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 224x224x3, any sides), number of classes (default 1000), seed, width.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidModelOptionError} if an option is out of range.
 * @see He et al. 2016, {@link https://arxiv.org/abs/1512.03385}, table 1 (50-layer); the stride's place is torchvision's.
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
  const { inputShape, classes, seed } = resolveOptions('resnet50', options, [224, 224, 3], 1, 1000);
  const width = requireInteger('resnet50', 'width', options.width ?? 64, 1);
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = convolve(input, { filters: width, size: 7, stride: 2, name: 'conv1', norm: 'bn1', seed });
  x = apply(tf.layers.reLU({ name: 'relu' }), x);
  x = apply(tf.layers.zeroPadding2d({ padding: 1, name: 'maxpool_pad' }), x);
  x = apply(tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'valid', name: 'maxpool' }), x);
  for (const [stage, blocks] of stages.entries()) {
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      x = bottleneck(x, width * 2 ** stage, stride, block === 0, `layer${stage + 1}_${block}`, seed);
    }
  }
  x = apply(tf.layers.globalAveragePooling2d({ name: 'avgpool' }), x);
  const logits = tf.layers.dense({ units: classes, name: 'fc', kernelInitializer: leCunNormal(seed, 'fc') });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: 'resnet50' });
}

function bottleneck(
  input: tf.SymbolicTensor,
  width: number,
  stride: number,
  project: boolean,
  name: string,
  seed: number,
): tf.SymbolicTensor {
  const filters = width * 4;
  const relu = (x: tf.SymbolicTensor, suffix: string): tf.SymbolicTensor =>
    apply(tf.layers.reLU({ name: `${name}_relu${suffix}` }), x);
  const block = (index: number) => ({ name: `${name}_conv${index}`, norm: `${name}_bn${index}`, seed });
  let x = relu(convolve(input, { filters: width, size: 1, stride: 1, ...block(1) }), '1');
  x = relu(convolve(x, { filters: width, size: 3, stride, ...block(2) }), '2');
  x = convolve(x, { filters, size: 1, stride: 1, ...block(3) });
  const shortcut = project
    ? convolve(input, { filters, size: 1, stride, name: `${name}_downsample_0`, norm: `${name}_downsample_1`, seed })
    : input;
  return relu(apply(tf.layers.add({ name: `${name}_add` }), [x, shortcut]), '');
}

interface Convolution {
  readonly filters: number;
  readonly size: number;
  readonly stride: number;
  readonly name: string;
  readonly norm: string;
  readonly seed: number;
}

function convolve(input: tf.SymbolicTensor, convolution: Convolution): tf.SymbolicTensor {
  const { filters, size, stride, name, norm, seed } = convolution;
  const explicit = stride > 1 && size > 1;
  const padded = explicit
    ? apply(tf.layers.zeroPadding2d({ padding: (size - 1) / 2, name: `${name}_pad` }), input)
    : input;
  const layer = tf.layers.conv2d({
    filters,
    name,
    kernelSize: size,
    strides: stride,
    padding: explicit || size === 1 ? 'valid' : 'same',
    useBias: false,
    kernelInitializer: heNormal(seed, name),
  });
  return apply(normalisation(norm), apply(layer, padded));
}
