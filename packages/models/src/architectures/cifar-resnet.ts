import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-layers';
import { apply } from '../layers/apply.js';
import { normalization } from '../layers/batch-normalization.js';
import { convolve } from '../layers/convolve.js';
import { leCunNormal } from '../layers/initializer.js';
import { type ModelOptions, modelRules, resolveOptions } from '../layers/options.js';
import { shortcut } from '../layers/shortcut.js';

/** Options of {@link resnet20} and {@link resnet56}. */
export interface CifarResNetOptions extends ModelOptions {
  /**
   * Channels of the first stage; the second and third have twice and four times as many.
   *
   * @defaultValue 16, as in the paper.
   */
  readonly width?: number | undefined;
}

/** A ResNet for CIFAR-10 with `6 · blocksPerStage + 2` layers. */
export function cifarResNet(name: string, blocksPerStage: number, options: CifarResNetOptions): tf.LayersModel {
  checkOptions<CifarResNetOptions>(options, { ...modelRules(4), width: rules.optional(rules.integer({ from: 2 })) });
  const { inputShape, classes, seed } = resolveOptions(options, [32, 32, 3]);
  const { width = 16 } = options;
  const input = tf.input({ shape: inputShape, name: 'image' });
  let x = normalized(input, width, 1, 'stem_conv', 'stem_norm', seed);
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
  return tf.model({ inputs: input, outputs: logits, name });
}

function residualBlock(
  input: tf.SymbolicTensor,
  filters: number,
  stride: number,
  name: string,
  seed: number,
): tf.SymbolicTensor {
  let x = normalized(input, filters, stride, `${name}_conv1`, `${name}_norm1`, seed);
  x = apply(tf.layers.reLU({ name: `${name}_relu1` }), x);
  x = normalized(x, filters, 1, `${name}_conv2`, `${name}_norm2`, seed);
  x = apply(tf.layers.add({ name: `${name}_add` }), [shortcut(input, filters, stride, name), x]);
  return apply(tf.layers.reLU({ name: `${name}_relu2` }), x);
}

function normalized(
  input: tf.SymbolicTensor,
  filters: number,
  stride: number,
  name: string,
  normalizationName: string,
  seed: number,
): tf.SymbolicTensor {
  return apply(normalization(normalizationName), convolve(input, { filters, size: 3, stride, name, seed }));
}
