import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import type { TorchTensor } from '../src/index.js';

/** PyTorch's name of a layer by ours. */
export type Naming = (layer: string) => string;

export const torchvisionNames: Naming = layer => layer.replaceAll('_', '.');

export const cifarNames: Naming = layer =>
  layer
    .replace(/^stem_conv$/, 'conv1')
    .replace(/^stem_norm$/, 'bn1')
    .replace(/^stage(\d)_block(\d)_conv(\d)$/, 'layer$1.$2.conv$3')
    .replace(/^stage(\d)_block(\d)_norm(\d)$/, 'layer$1.$2.bn$3')
    .replace(/^logits$/, 'linear');

/** RigL's names of torchvision's, or of ours. */
export const riglNames: Naming = layer =>
  layer
    .replaceAll('_', '.')
    .replace(/^(conv|bn)1$/, 'initial.conv.$1')
    .replace(/^(layer\d)\.(\d)\.downsample\.0/, '$1.block.$2.shortcut.conv')
    .replace(/^(layer\d)\.(\d)\.downsample\.1/, '$1.block.$2.shortcut.bn')
    .replace(/^(layer\d)\.(\d)\.(conv|bn)(\d)/, '$1.block.$2.conv$4.$3')
    .replace('initial.conv', 'initial_conv');

const position = (layer: string): number => (layer.includes('_pw_') ? 3 : 0) + (layer.endsWith('_bn') ? 1 : 0);

const block = (layer: string): number => Number(/\d+/.exec(layer)?.[0]);

/** Names of the study's MobileNetV1. */
export const mobileNetNames: Naming = layer => {
  if (layer === 'logits') return 'fc';
  return `model.${layer.startsWith('conv1') ? 0 : block(layer)}.${position(layer)}`;
};

/** Names of the MobileNetV1 of AMC. */
export const amcNames: Naming = layer => {
  if (layer === 'logits') return 'classifier.0';
  return layer.startsWith('conv1') ? `conv1.${position(layer)}` : `features.${block(layer) - 1}.${position(layer)}`;
};

/** timm's names of blocks in stages. */
export const timmNames: Naming = layer =>
  layer.replace(/^blocks_(\d)_(\d)_(se_)?/, (_, stage, block, se) => `blocks.${stage}.${block}.${se ? 'se.' : ''}`);

/** Blocks of each stage of EfficientNet-Lite0 that come before it. */
const before = [0, 1, 3, 5, 8, 11, 15] as const;

/** Names of `efficientnet_lite_pytorch`. */
export const underscoredNames: Naming = layer => {
  const [, stage, index, part = ''] = /^blocks_(\d)_(\d)_(\w+)$/.exec(layer) ?? [];
  if (stage === undefined) {
    const ends = { conv_stem: '_conv_stem', bn1: '_bn0', conv_head: '_conv_head', bn2: '_bn1', classifier: '_fc' };
    return ends[layer as keyof typeof ends];
  }
  const [dw, pw] = stage === '0' ? ['_depthwise_conv', '_project_conv'] : ['_depthwise_conv', '_expand_conv'];
  const kinds: Readonly<Record<string, string>> = { conv_dw: dw, conv_pw: pw, conv_pwl: '_project_conv' };
  const norm = `_bn${Number(part.slice(2)) - (stage === '0' ? 0 : 1)}`;
  return `_blocks.${before[Number(stage)]! + Number(index)}.${kinds[part] ?? norm}`;
};

const parameters: Readonly<Record<string, string>> = {
  kernel: 'weight',
  depthwise_kernel: 'weight',
  gamma: 'weight',
  bias: 'bias',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

/** The weights of a model as PyTorch would save them, transposed by TensorFlow.js. */
export async function checkpointOf(model: layers.LayersModel, naming: Naming): Promise<Map<string, TorchTensor>> {
  const checkpoint = new Map<string, TorchTensor>();
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const kind = weight.originalName.split('/').at(-1)!;
      const tensor = tf.tidy(() => torchLayout(layer, kind, weight.read()));
      const name = `${naming(layer.name)}.${parameters[kind]}`;
      checkpoint.set(name, { shape: tensor.shape, values: (await tensor.data()).slice() as Float32Array });
      tensor.dispose();
    }
  }
  return checkpoint;
}

function torchLayout(layer: layers.layers.Layer, kind: string, weight: tf.Tensor): tf.Tensor {
  if (kind === 'depthwise_kernel') return tf.transpose(weight, [2, 3, 0, 1]);
  if (kind !== 'kernel') return tf.clone(weight);
  if (weight.rank === 4) return tf.transpose(weight, [3, 2, 0, 1]);
  const { sourceLayer } = layer.input as layers.SymbolicTensor;
  if (sourceLayer.getClassName() !== 'Flatten') return tf.transpose(weight);
  const [, height, width, channels] = (sourceLayer.input as layers.SymbolicTensor).shape as number[];
  const image = tf.reshape(weight, [height!, width!, channels!, -1]);
  return tf.reshape(tf.transpose(image, [3, 2, 0, 1]), [-1, weight.shape[0]!]);
}
