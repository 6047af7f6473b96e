import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { heNormal, leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';
import {
  type Activation,
  activated,
  type Details,
  details,
  InvertedResidualBuilder,
  roundedChannels,
} from './inverted-residual.js';

/** Options of `mobileNetV3Large` and `mobileNetV3Small`. */
export interface MobileNetV3Options extends ModelOptions {
  /**
   * Factor of the channels of every layer, a finite number of at least 1/32. Channels are rounded as in timm: to
   * multiples of 8, those in the middle of a block by the ones before it; the stem keeps its 16 below 0.75, and the
   * last hidden layer grows with the factor and does not shrink.
   *
   * @defaultValue 1
   */
  readonly widthMultiplier?: number | undefined;
  /**
   * Whose details the net has, which are not in the paper and decide whose weights fit:
   *
   * - `'torch'`: zeros on all sides, normalization with epsilon 1e-3 that keeps 0.99 of its moving statistics, as in
   *   torchvision;
   * - `'timm'`: zeros on all sides, 1e-5 and 0.9, as in timm's own `mobilenetv3_large_100` and its siblings;
   * - `'keras'`: TensorFlow's `same` padding, 1e-3 and 0.99, as in the authors' code and in timm's
   *   `tf_mobilenetv3_large_100` and its siblings.
   *
   * @defaultValue 'torch'
   */
  readonly variant?: 'keras' | 'torch' | 'timm' | undefined;
}

/** Blocks of one stage that are alike but for the first one's stride. */
export interface Stage {
  readonly size: number;
  readonly stride: number;
  /** Factor of the channels in the middle of each block. */
  readonly expansions: readonly number[];
  readonly filters: number;
  readonly activation: Activation;
  readonly squeezes?: boolean;
}

/** What distinguishes the two networks. */
export interface Version {
  readonly name: string;
  readonly stages: readonly Stage[];
  /** Channels of the last convolution, and length of the hidden layer after the pooling. */
  readonly last: number;
  readonly hidden: number;
}

const variants: Readonly<Record<'keras' | 'torch' | 'timm', Details>> = {
  keras: details.keras,
  torch: { ...details.keras, padding: 'zeros' },
  timm: details.torch,
};

/** MobileNetV3 of either size. */
export function mobileNetV3(version: Version, options: MobileNetV3Options): tf.LayersModel {
  checkOptions<MobileNetV3Options>(options, {
    ...modelRules(1),
    widthMultiplier: rules.optional(rules.number({ from: 1 / 32 })),
    variant: rules.optional(rules.oneOf('keras', 'torch', 'timm')),
  });
  const { inputShape, classes, seed } = resolveOptions(options, [224, 224, 3], 1000);
  const { widthMultiplier: width = 1, variant = 'torch' } = options;
  const build = new InvertedResidualBuilder(variants[variant], seed);
  const input = tf.input({ shape: inputShape, name: 'image' });
  const activation = 'hardSwish';
  const stem = width < 0.75 ? 16 : roundedChannels(16 * width);
  let x = build.convolve(input, { filters: stem, size: 3, stride: 2, names: ['conv_stem', 'bn1'], activation });
  for (const [stage, { size, stride, expansions, filters, squeezes, ...rest }] of version.stages.entries()) {
    for (const [index, expansion] of expansions.entries()) {
      const expanded = roundedChannels((x.shape[3] as number) * expansion);
      x = build.block(x, {
        name: `blocks_${stage}_${index}`,
        size,
        stride: index === 0 ? stride : 1,
        expanded,
        filters: roundedChannels(filters * width),
        activation: rest.activation,
        squeezed: squeezes ? roundedChannels(expanded / 4) : undefined,
      });
    }
  }
  const block = `blocks_${version.stages.length}_0`;
  const last = roundedChannels(version.last * width);
  x = build.convolve(x, { filters: last, size: 1, stride: 1, names: [`${block}_conv`, `${block}_bn1`], activation });
  return tf.model({ inputs: input, outputs: classified(x, { version, width, classes, seed }), name: version.name });
}

interface Classifier {
  readonly version: Version;
  readonly width: number;
  readonly classes: number;
  readonly seed: number;
}

/** The pooled image through a hidden layer, a 1x1 convolution as in the paper, to logits. */
function classified(x: tf.SymbolicTensor, { version, width, classes, seed }: Classifier): tf.SymbolicTensor {
  const pooled = apply(tf.layers.globalAveragePooling2d({ name: 'global_pool' }), x);
  const targetShape = [1, 1, x.shape[3] as number];
  const image = apply(tf.layers.reshape({ name: 'global_pool_reshape', targetShape }), pooled);
  const filters = roundedChannels(version.hidden * Math.max(1, width));
  const kernelInitializer = heNormal(seed, 'conv_head');
  const head = apply(tf.layers.conv2d({ name: 'conv_head', filters, kernelSize: 1, kernelInitializer }), image);
  const hidden = apply(tf.layers.flatten({ name: 'flatten' }), activated(head, 'hardSwish', 'conv_head'));
  const initializer = leCunNormal(seed, 'classifier');
  return apply(tf.layers.dense({ units: classes, name: 'classifier', kernelInitializer: initializer }), hidden);
}
