import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { BATCH_NORM_GRADIENT, BATCH_NORM_TRAINING } from '../../batch-norm/kernel-names.js';
import { input, type Kernel } from './kernel.js';

/** Normalizes by the batch's own statistics: x, gamma, beta to y, mean and (biased) variance, channels last. */
export const batchNormTraining: Kernel = {
  name: BATCH_NORM_TRAINING,
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const { rows, channels } = matrixShape(x);
    const y = heap.output(x.shape);
    const mean = heap.output([channels]);
    const variance = heap.output([channels]);
    const from = heap.address(x);
    heap.kernels.moments(from, rows, channels, heap.address(mean), heap.address(variance), heap.scratch(4 * channels));
    heap.kernels.normalize(
      from,
      heap.address(y),
      rows,
      channels,
      heap.address(mean),
      heap.address(variance),
      heap.address(input(inputs, 'gamma')),
      heap.address(input(inputs, 'beta')),
      attributes.epsilon as number,
      heap.scratch(channels),
    );
    return [y, mean, variance];
  },
};

/**
 * Normalizes by given statistics, as batch normalization does in inference and a frozen one in training. Parameters
 * that are not one number for each channel are left to TensorFlow.js.
 */
export const fusedBatchNorm: Kernel = {
  name: 'FusedBatchNorm',
  run(heap, inputs, { varianceEpsilon }) {
    const [x, mean, variance] = [input(inputs, 'x'), input(inputs, 'mean'), input(inputs, 'variance')];
    const { scale, offset } = inputs;
    const { rows, channels } = matrixShape(x);
    const parameters = [mean, variance, scale, offset].filter(tensor => tensor != null);
    const fits = ({ shape }: TensorInfo): boolean =>
      shape.at(-1) === channels && util.sizeFromShape(shape) === channels;
    const floats = [x, ...parameters].every(({ dtype }) => dtype === 'float32');
    if (rows === 0 || !floats || !parameters.every(fits)) return undefined;
    const y = heap.output(x.shape);
    heap.kernels.normalize(
      heap.address(x),
      heap.address(y),
      rows,
      channels,
      heap.address(mean),
      heap.address(variance),
      scale == null ? heap.ones(channels) : heap.address(scale),
      offset == null ? heap.zeros(channels) : heap.address(offset),
      varianceEpsilon as number,
      heap.scratch(channels),
    );
    return y;
  },
};

/** The gradients of {@link batchNormTraining} with respect to x, gamma and beta. */
export const batchNormGradient: Kernel = {
  name: BATCH_NORM_GRADIENT,
  run(heap, inputs, attributes) {
    const x = input(inputs, 'x');
    const { rows, channels } = matrixShape(x);
    const dx = heap.output(x.shape);
    const dgamma = heap.output([channels]);
    const dbeta = heap.output([channels]);
    heap.kernels.normalizeGradient(
      heap.address(x),
      heap.address(input(inputs, 'dy')),
      heap.address(dx),
      rows,
      channels,
      heap.address(input(inputs, 'mean')),
      heap.address(input(inputs, 'variance')),
      heap.address(input(inputs, 'gamma')),
      attributes.epsilon as number,
      heap.address(dgamma),
      heap.address(dbeta),
      heap.scratch(4 * channels),
      heap.scratch(3 * channels),
    );
    return [dx, dgamma, dbeta];
  },
};

function matrixShape(x: TensorInfo): { rows: number; channels: number } {
  const channels = x.shape.at(-1) ?? 1;
  return { rows: channels === 0 ? 0 : util.sizeFromShape(x.shape) / channels, channels };
}
