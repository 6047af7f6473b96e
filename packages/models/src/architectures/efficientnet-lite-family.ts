import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';
import { details, InvertedResidualBuilder, roundedChannels } from './inverted-residual.js';

/** Options of `efficientnetLite0` and its larger siblings. */
export interface EfficientNetLiteOptions extends ModelOptions {
  /**
   * Whose details the net has, which decide whose weights fit:
   *
   * - `'keras'`: TensorFlow's `same` padding, normalization with epsilon 1e-3 that keeps 0.99 of its moving statistics,
   *   as in the authors' code and in what was converted from it: `efficientnet_lite_pytorch`, timm's
   *   `tf_efficientnet_lite0`;
   * - `'torch'`: zeros on all sides, epsilon 1e-5 and 0.9, as in timm's own `efficientnet_lite0`.
   *
   * @defaultValue 'keras'
   */
  readonly variant?: 'keras' | 'torch' | undefined;
}

/** Blocks of a stage, kernel size, stride of the first, expansion, output channels (table 1 of the paper). */
const stages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;

/** What distinguishes the members of the family. */
export interface Scaling {
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  /** Height and width of the images. */
  readonly side: number;
}

/** EfficientNet-Lite: stem and head are not scaled, nor is the depth of the first and the last stage. */
export function efficientNetLite(
  { name, width, depth, side }: Scaling,
  options: EfficientNetLiteOptions,
): tf.LayersModel {
  checkOptions<EfficientNetLiteOptions>(options, {
    ...modelRules(1),
    variant: rules.optional(rules.oneOf('keras', 'torch')),
  });
  const { inputShape, classes, seed } = resolveOptions(options, [side, side, 3], 1000);
  const build = new InvertedResidualBuilder(details[options.variant ?? 'keras'], seed);
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = build.convolve(input, { filters: 32, size: 3, stride: 2, names: ['conv_stem', 'bn1'] });
  for (const [stage, [repeats, size, firstStride, expansion, channels]] of stages.entries()) {
    const whole = stage === 0 || stage === stages.length - 1 ? repeats : Math.ceil(repeats * depth);
    const filters = roundedChannels(channels * width);
    for (let index = 0; index < whole; index++) {
      const stride = index === 0 ? firstStride : 1;
      const expanded = expansion * (x.shape[3] as number);
      x = build.block(x, { name: `blocks_${stage}_${index}`, size, stride, expanded, filters });
    }
  }
  x = build.convolve(x, { filters: 1280, size: 1, stride: 1, names: ['conv_head', 'bn2'] });
  x = apply(tf.layers.globalAveragePooling2d({ name: 'global_pool' }), x);
  const kernelInitializer = leCunNormal(seed, 'classifier');
  const logits = tf.layers.dense({ units: classes, name: 'classifier', kernelInitializer });
  return tf.model({ inputs: input, outputs: apply(logits, x), name });
}
