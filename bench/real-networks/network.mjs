/** EfficientNet-Lite0 with ImageNet's weights under a new classifier. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors } from '@espalier/core';
import { modelWeights } from '@espalier/core/tfjs';
import { efficientnetLite0, loadTorchWeights } from '@espalier/models';

/** What the network was trained with: (pixel − 127) / 128. */
export const normalization = { mean: Array(3).fill(127 / 255), std: Array(3).fill(128 / 255) };

/**
 * Weight of the old statistics of batch normalization in each step: PyTorch's default instead of the network's own
 * 0.99, because a run has a few hundred steps in which they must follow the weights.
 */
const statisticsMomentum = 0.9;

/** The network for a task: the classifier's weights come from the seed, or from ImageNet too, as all others. */
export function pretrained({ size, classes }, seed, { head = 'keep' } = {}) {
  const model = efficientnetLite0({ inputShape: [size, size, 3], classes, seed });
  const file = join(process.env.ESPALIER_DATA, 'real-networks/efficientnet-lite0/lite0.safetensors');
  loadTorchWeights(model, readSafetensors(readFileSync(file)).tensors, { head });
  return model;
}

/** Sets it in a network that was just made or read. */
export function setStatisticsMomentum({ layers }) {
  for (const layer of layers) if (layer.getClassName() === 'BatchNormalization') layer.momentum = statisticsMomentum;
}

/** Prunes the pointwise convolutions. Stem, depthwise kernels and classifier stay dense. */
export function pointwiseWeights(model) {
  const isPointwise = ({ variable: { shape } }) => shape.length === 4 && shape[0] * shape[1] === 1;
  const others = modelWeights(model).filter(weight => weight.prunable && !isPointwise(weight));
  return modelWeights(model, { except: others.map(({ name }) => name) });
}
