import type { DenseReason, WeightRole } from './model-weight.js';

const prunableLayers = /^(Dense|Conv[123]D(Transpose)?|SeparableConv[12]D|DepthwiseConv2D)$/;
const normalizationWeights = /(^|\/)(gamma|beta|moving_mean|moving_variance)$/;
const depthwiseKernels = /(^|[/_])depthwise_kernel$/;

/** Role of a weight, from the class of its layer and the last part of its name. */
export function roleOf(layerClass: string, weightName: string): WeightRole {
  if (/Normalization$/.test(layerClass) || normalizationWeights.test(weightName)) return 'normalization';
  if (/embeddings?$/.test(weightName)) return 'embedding';
  if (/(^|[/_])bias$/.test(weightName)) return 'bias';
  return /kernel$/.test(weightName) ? 'kernel' : 'other';
}

/** Whether each output of the kernel sees one input channel alone, by the last part of its name. */
export function isDepthwiseKernel(weightName: string): boolean {
  return depthwiseKernels.test(weightName);
}

/** What decides whether a weight is pruned by default. */
interface Candidate {
  readonly name: string;
  readonly role: WeightRole;
  readonly trainable: boolean;
  readonly variable: { readonly size: number };
  /** Class of its layer; a plain variable has none, and its role alone decides. */
  readonly layerClass?: string;
}

/**
 * Why a weight is not pruned by default, or undefined if it is: trained kernels of dense and convolution layers are,
 * but for depthwise ones, which have few entries and lose much accuracy.
 */
export function denseReasonOf({ name, role, trainable, variable, layerClass }: Candidate): DenseReason | undefined {
  if (role !== 'kernel') return 'role';
  if (layerClass !== undefined && !prunableLayers.test(layerClass)) return 'layer';
  if (isDepthwiseKernel(name)) return 'depthwise';
  if (variable.size === 0) return 'empty';
  return trainable ? undefined : 'frozen';
}
