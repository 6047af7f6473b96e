import { type OptionRules, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { normalization } from '../layers/batch-normalization.js';
import { convolve } from '../layers/convolve.js';
import { leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';

/** Options of {@link resnet18} and {@link resnet50}. */
export interface ImageNetResNetOptions extends ModelOptions {
  /**
   * Channels of the stem and of the first stage's 3x3 convolutions; later stages have twice, four and eight times as
   * many. The outputs of the blocks of {@link resnet50} have four times those.
   *
   * @defaultValue 64, as in the paper.
   */
  readonly width?: number | undefined;
  /**
   * Where the border of the max pooling is: `'both'` sides, one pixel each, as in torchvision, or one pixel at the
   * `'end'` (below and at the right), as in checkpoints that were converted from RigL's TensorFlow code.
   *
   * @defaultValue 'both'
   */
  readonly poolPadding?: 'both' | 'end' | undefined;
}

/** Rules of {@link ImageNetResNetOptions}. */
export const imageNetResNetRules: OptionRules<ImageNetResNetOptions> = {
  ...modelRules(1),
  width: rules.optional(rules.integer({ from: 1 })),
  poolPadding: rules.optional(rules.oneOf('both', 'end')),
};

/** What distinguishes the members of the family. */
export interface ImageNetResNetShape {
  readonly name: string;
  readonly blocks: readonly number[];
  readonly bottleneck: boolean;
  /** Which convolution of a bottleneck has the stride. */
  readonly strideAt?: '1x1' | '3x3';
}

interface Block {
  readonly width: number;
  readonly stride: number;
  readonly name: string;
  readonly seed: number;
  readonly strideAt: '1x1' | '3x3';
}

/** A ResNet for ImageNet in torchvision's semantics and names; its options keep {@link imageNetResNetRules}. */
export function imageNetResNet(shape: ImageNetResNetShape, options: ImageNetResNetOptions): tf.LayersModel {
  const { inputShape, classes, seed } = resolveOptions(options, [224, 224, 3], 1000);
  const { width = 64 } = options;
  const padding = poolPadding(options);
  const { strideAt = '3x3' } = shape;
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = convolve(input, { filters: width, size: 7, stride: 2, name: 'conv1', seed });
  x = apply(tf.layers.reLU({ name: 'relu' }), apply(normalization('bn1'), x));
  x = apply(tf.layers.zeroPadding2d({ padding, name: 'maxpool_pad' }), x);
  x = apply(tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'valid', name: 'maxpool' }), x);
  const residual = shape.bottleneck ? bottleneckBlock : basicBlock;
  for (const [stage, blocks] of shape.blocks.entries()) {
    for (let index = 0; index < blocks; index++) {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      x = residual(x, { width: width * 2 ** stage, stride, name: `layer${stage + 1}_${index}`, seed, strideAt });
    }
  }
  x = apply(tf.layers.globalAveragePooling2d({ name: 'avgpool' }), x);
  const logits = tf.layers.dense({ units: classes, name: 'fc', kernelInitializer: leCunNormal(seed, 'fc') });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: shape.name });
}

function poolPadding({ poolPadding: place = 'both' }: ImageNetResNetOptions): [[number, number], [number, number]] {
  const before = place === 'both' ? 1 : 0;
  return [
    [before, 1],
    [before, 1],
  ];
}

function basicBlock(input: tf.SymbolicTensor, block: Block): tf.SymbolicTensor {
  const { width, stride } = block;
  let x = relu(step(input, block, 1, { filters: width, size: 3, stride }), block, '1');
  x = step(x, block, 2, { filters: width, size: 3, stride: 1 });
  return joined(x, input, block);
}

function bottleneckBlock(input: tf.SymbolicTensor, block: Block): tf.SymbolicTensor {
  const { width, stride, strideAt } = block;
  const [first, second] = strideAt === '1x1' ? [stride, 1] : [1, stride];
  let x = relu(step(input, block, 1, { filters: width, size: 1, stride: first }), block, '1');
  x = relu(step(x, block, 2, { filters: width, size: 3, stride: second }), block, '2');
  x = step(x, block, 3, { filters: 4 * width, size: 1, stride: 1 });
  return joined(x, input, block);
}

/** Convolution number `index` of a block, normalized. */
function step(
  input: tf.SymbolicTensor,
  { name, seed }: Block,
  index: number,
  convolution: { readonly filters: number; readonly size: number; readonly stride: number },
): tf.SymbolicTensor {
  const convolved = convolve(input, { ...convolution, name: `${name}_conv${index}`, seed });
  return apply(normalization(`${name}_bn${index}`), convolved);
}

function relu(input: tf.SymbolicTensor, { name }: Block, suffix: string): tf.SymbolicTensor {
  return apply(tf.layers.reLU({ name: `${name}_relu${suffix}` }), input);
}

/** The block's result plus its input, which is projected where the shape changes. */
function joined(x: tf.SymbolicTensor, input: tf.SymbolicTensor, block: Block): tf.SymbolicTensor {
  const { name, stride, seed } = block;
  const filters = x.shape[3] as number;
  let shortcut = input;
  if (stride > 1 || filters !== input.shape[3]) {
    const projected = convolve(input, { filters, size: 1, stride, name: `${name}_downsample_0`, seed });
    shortcut = apply(normalization(`${name}_downsample_1`), projected);
  }
  return relu(apply(tf.layers.add({ name: `${name}_add` }), [x, shortcut]), block, '');
}
