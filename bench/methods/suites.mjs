/**
 * What the runs of a suite have in common: data, network, and a budget that every method gets. The settings were
 * written down before the first run; nothing here was chosen by the test accuracy.
 */
import { cifar10Normalization, mnistNormalization } from '@espalier/datasets';
import { lenet300, resnet20 } from '@espalier/models';

/**
 * @typedef {object} Suite
 * @property {'mnist' | 'cifar10'} name Dataset, as `loadDataset` calls it.
 * @property {(seed: number) => import('@tensorflow/tfjs-layers').LayersModel} model Makes the network anew.
 * @property {import('@espalier/datasets').Normalization} normalise Applied to training and test images.
 * @property {import('@espalier/datasets').Augmentation} [augment] Random changes in training.
 * @property {number} steps Optimizer steps of each run, all rounds and phases together.
 * @property {number} batchSize Images in a step.
 * @property {number} learningRate The highest one; divided by 10 after half and after three quarters of the training.
 * @property {number} momentum Of stochastic gradient descent.
 * @property {number} weightDecay On the kernels.
 * @property {number} every Steps between two updates of masks, for methods that update often.
 * @property {number} partitions Of the layers, for grow-and-prune.
 * @property {{ samples: number, images: number, blockSize: number }} fisher WoodFisher: gradients, images in each,
 *   block.
 */

/** @type {Record<string, Suite>} */
export const suites = {
  mnist: {
    name: 'mnist',
    model: seed => lenet300({ seed }),
    normalise: mnistNormalization,
    steps: 1200,
    batchSize: 64,
    learningRate: 0.05,
    momentum: 0.9,
    weightDecay: 1e-4,
    every: 25,
    partitions: 3,
    fisher: { samples: 200, images: 8, blockSize: 50 },
  },
  cifar10: {
    name: 'cifar10',
    model: seed => resnet20({ width: 8, seed }),
    normalise: cifar10Normalization,
    augment: { crop: 4, flip: true },
    steps: 800,
    batchSize: 64,
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 1e-4,
    every: 20,
    partitions: 4,
    fisher: { samples: 200, images: 8, blockSize: 50 },
  },
};
