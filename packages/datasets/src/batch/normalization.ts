import { InvalidOptionError } from '@espalier/core';
import { datasetRule } from '../option-rules.js';
import type { Dataset, Normalization } from './dataset.js';

/**
 * Mean and standard deviation of the 60,000 MNIST training images (recomputed from the files: 0.130660, 0.308108).
 */
export const mnistNormalization: Normalization = { mean: [0.1307], std: [0.3081] };

/**
 * Means and standard deviations of the 50,000 CIFAR-10 training images, red, green, blue, as generally used with
 * PyTorch.
 */
export const cifar10Normalization: Normalization = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };

/**
 * Means and standard deviations of the 50,000 CIFAR-100 training images, red, green, blue, as generally used with
 * PyTorch.
 */
export const cifar100Normalization: Normalization = { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] };

/**
 * Means and standard deviations of ImageNet, red, green, blue, as the checkpoints of torchvision expect them.
 */
export const imagenetNormalization: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * Mean and standard deviation of every channel over a whole dataset, in one pass in double precision.
 *
 * @param dataset - At least one example.
 * @returns Population statistics of the values from 0 to 1; a constant channel gets a standard deviation of 1.
 * @throws {@link InvalidOptionError} if it is no dataset, or has no examples.
 *
 * @example
 * ```ts
 * import { channelStatistics, syntheticImages } from '@espalier/datasets';
 *
 * const { mean, std } = channelStatistics(syntheticImages({ size: 64, seed: 1 }));
 * console.log(mean.length, std.length); // 1 1
 * ```
 */
export function channelStatistics(dataset: Dataset): Normalization {
  datasetRule('dataset', dataset as never);
  if (dataset.size === 0) throw new InvalidOptionError('dataset.size', dataset.size, 'at least 1');
  const [height, width, channels] = dataset.shape;
  const pixels = height * width;
  const image = new Float32Array(pixels * channels);
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let example = 0; example < dataset.size; example++) {
    dataset.copyImage(example, image, 0);
    for (let i = 0; i < image.length; i++) {
      const value = image[i]!;
      sum[i % channels]! += value;
      squares[i % channels]! += value * value;
    }
  }
  const count = pixels * dataset.size;
  const mean = [...sum].map(total => total / count);
  const std = mean.map((average, channel) => {
    const variance = squares[channel]! / count - average * average;
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  return { mean, std };
}

/** Refuses a normalization that does not fit the channels or would divide by zero. */
export function requireNormalization({ mean, std }: Normalization, channels: number): void {
  const fits = mean.length === channels && std.length === channels;
  if (fits && mean.every(Number.isFinite) && std.every(value => Number.isFinite(value) && value > 0)) return;
  const requirement = `a finite mean and a positive standard deviation for each of ${channels} channels`;
  throw new InvalidOptionError('normalize', { mean, std }, requirement);
}

/** Normalizes `image` in place. */
export function normalizeImage(image: Float32Array, { mean, std }: Normalization): void {
  const channels = mean.length;
  for (let i = 0; i < image.length; i++) {
    const channel = i % channels;
    image[i] = (image[i]! - mean[channel]!) / std[channel]!;
  }
}
