import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { normalization } from '../layers/batch-normalization.js';
import { convolve } from '../layers/convolve.js';
import { leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';

/** Options of {@link wideResNet}. */
export interface WideResNetOptions extends ModelOptions {
  /**
   * Number of convolutions, the stages' projections included: `6n + 4` for `n` blocks in each of the three stages, at
   * least 10.
   *
   * @defaultValue 28
   */
  readonly depth?: number | undefined;
  /**
   * Factor of the channels of the stages, 16, 32 and 64 (k of the paper), a whole number of at least 1.
   *
   * @defaultValue 10
   */
  readonly widenFactor?: number | undefined;
}

/**
 * A wide ResNet, WRN-28-10 unless told otherwise: a 3x3 convolution, three stages of blocks that normalize before each
 * of their two 3x3 convolutions, normalization, ReLU, global average pooling, logits.
 *
 * WRN-28-10 for 32x32x3 and 10 classes: 36,479,194 trainable parameters (36,454,832 in 28 convolutions, 17,952 in
 * normalization, 6,410 in the last layer; the paper says 36.5 M), 17,952 moving statistics, and 5,243,328,768
 * multiply-accumulates for one image.
 *
 * As in the authors' code, a block whose shape changes projects its *normalized* input by a 1x1 convolution without
 * normalization, and the stride is on the block's first 3x3. Convolutions have no bias and pad zeros on all sides;
 * normalization uses epsilon 1e-5 and keeps 0.9 of its moving statistics; kernels start from He's normal initializer.
 * There is no dropout (the paper's is optional). Weight decay is left to the trainer.
 *
 * Layers are called `conv1`, `block1_layer_0_bn1`, `block1_layer_0_conv1`, `block1_layer_0_bn2`,
 * `block1_layer_0_conv2`, `block1_layer_0_convShortcut`, … , `bn1`, `fc`. The output is logits, without a softmax. The
 * same seed gives the same weights in every process.
 *
 * @param options - Input shape (default 32x32x3, sides of at least 4), number of classes, seed, depth, widening.
 * @returns A new, uncompiled model that takes `[batch, height, width, channels]` and gives `[batch, classes]`.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 * @see Zagoruyko and Komodakis 2016, {@link https://arxiv.org/abs/1605.07146}, table 1.
 *
 * @example WRN-10-1, as a quick test.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { wideResNet } from '@espalier/models';
 *
 * const model = wideResNet({ depth: 10, widenFactor: 1, seed: 1 });
 * console.log(model.getLayer('block3_layer_0_add').outputShape); // [null, 8, 8, 64]
 * model.dispose();
 * ```
 */
export function wideResNet(options: WideResNetOptions = {}): tf.LayersModel {
  checkOptions<WideResNetOptions>(options, {
    ...modelRules(4),
    depth: rules.optional(rules.that('6n + 4 for a whole n of at least 1', isDepth)),
    widenFactor: rules.optional(rules.integer({ from: 1 })),
  });
  const { inputShape, classes, seed } = resolveOptions(options, [32, 32, 3]);
  const { depth = 28, widenFactor: widen = 10 } = options;
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = convolve(input, { filters: 16, size: 3, stride: 1, name: 'conv1', seed });
  for (let stage = 1; stage <= 3; stage++) {
    for (let block = 0; block < (depth - 4) / 6; block++) {
      const stride = stage > 1 && block === 0 ? 2 : 1;
      x = wideBlock(x, 8 * 2 ** stage * widen, stride, `block${stage}_layer_${block}`, seed);
    }
  }
  x = activated(x, 'bn1', 'relu');
  x = apply(tf.layers.globalAveragePooling2d({ name: 'pool' }), x);
  const logits = tf.layers.dense({ units: classes, name: 'fc', kernelInitializer: leCunNormal(seed, 'fc') });
  return tf.model({ inputs: input, outputs: apply(logits, x), name: 'wide_resnet' });
}

const isDepth = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 10 && (value as number) % 6 === 4;

function wideBlock(
  input: tf.SymbolicTensor,
  filters: number,
  stride: number,
  name: string,
  seed: number,
): tf.SymbolicTensor {
  const first = activated(input, `${name}_bn1`, `${name}_relu1`);
  let x = convolve(first, { filters, size: 3, stride, name: `${name}_conv1`, seed });
  x = activated(x, `${name}_bn2`, `${name}_relu2`);
  x = convolve(x, { filters, size: 3, stride: 1, name: `${name}_conv2`, seed });
  const changes = input.shape[3] !== filters;
  const shortcut = changes ? convolve(first, { filters, size: 1, stride, name: `${name}_convShortcut`, seed }) : input;
  return apply(tf.layers.add({ name: `${name}_add` }), [shortcut, x]);
}

function activated(input: tf.SymbolicTensor, norm: string, relu: string): tf.SymbolicTensor {
  return apply(tf.layers.reLU({ name: relu }), apply(normalization(norm), input));
}
