import type { WeightRole } from './model-weight.js';

const prunableLayers = /^(Dense|Conv[123]D(Transpose)?|SeparableConv[12]D|DepthwiseConv2D)$/;
const normalizationWeights = /(^|\/)(gamma|beta|moving_mean|moving_variance)$/;

/** Role of a weight, from the class of its layer and the last part of its name. */
export function roleOf(layerClass: string, weightName: string): WeightRole {
  if (/Normalization$/.test(layerClass) || normalizationWeights.test(weightName)) return 'normalization';
  if (/embeddings?$/.test(weightName)) return 'embedding';
  if (/(^|[/_])bias$/.test(weightName)) return 'bias';
  return /kernel$/.test(weightName) ? 'kernel' : 'other';
}

/** Whether the rule by layer type prunes the weight: trained kernels of dense and convolution layers. */
export function isPrunable(layerClass: string, role: WeightRole, trainable: boolean): boolean {
  return trainable && role === 'kernel' && prunableLayers.test(layerClass);
}
