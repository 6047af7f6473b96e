import * as tf from '@tensorflow/tfjs-layers';
import { apply } from './apply.js';
import { hardSigmoid } from './hard-swish.js';
import { heNormal, leCunNormal } from './initializer.js';

/** Squeeze-and-excitation of MobileNetV3. */
export interface SqueezeExcitation {
  /** Channels between the two convolutions. */
  readonly squeezed: number;
  readonly name: string;
  readonly seed: number;
}

/**
 * Scales each channel by a hard sigmoid of what two convolutions make of the averages of all channels, with a ReLU
 * between them.
 *
 * @see Hu et al. 2018, {@link https://arxiv.org/abs/1709.01507}.
 */
export function squeezeExcite(x: tf.SymbolicTensor, { squeezed, name, seed }: SqueezeExcitation): tf.SymbolicTensor {
  const channels = x.shape[3] as number;
  const means = apply(tf.layers.globalAveragePooling2d({ name: `${name}_pool` }), x);
  const image = apply(tf.layers.reshape({ name: `${name}_reshape`, targetShape: [1, 1, channels] }), means);
  const [reduce, expand] = [`${name}_conv_reduce`, `${name}_conv_expand`] as const;
  const first = { name: reduce, filters: squeezed, kernelSize: 1, kernelInitializer: heNormal(seed, reduce) };
  const second = { name: expand, filters: channels, kernelSize: 1, kernelInitializer: leCunNormal(seed, expand) };
  const reduced = apply(tf.layers.reLU({ name: `${name}_relu` }), apply(tf.layers.conv2d(first), image));
  const gate = hardSigmoid(apply(tf.layers.conv2d(second), reduced), `${name}_gate`);
  return apply(tf.layers.multiply({ name: `${name}_scale` }), [x, gate]);
}
