/**
 * What the runs of a task have in common: images, and a budget that every run gets. The peak rates were chosen with
 * `--held-out` on a part of the training images; nothing here was chosen by the test accuracy.
 */
import { imageFilesOf, imageFilesSubset, randomResizedCrop, resizeAndCrop } from '@espalier/datasets';
import { loadDataset, loadTask } from '@espalier/datasets/node';
import { heldInMemory } from './held-in-memory.mjs';

/**
 * @typedef {object} Settings
 * @property {'caltech101' | 'cifar10'} task As the command calls it.
 * @property {number} size Height and width of the images that the network takes.
 * @property {number} classes Of the task.
 * @property {number} smallestCrop Smallest part of an image's area that is cut out in training.
 * @property {number} batchSize Images in a step.
 * @property {number} steps Optimizer steps of each run, all phases together.
 * @property {number} learningRate The highest one, reached after `warmUp` steps; falls along a cosine to 0.
 * @property {number} warmUp Steps.
 * @property {number} weightDecay On the kernels.
 * @property {number} labelSmoothing Fraction of the probability that is spread over all classes.
 * @property {number} every Steps between two updates of masks, for methods that update often.
 * @property {{ start: number, end: number, distribution: string }} gradual Fractions of the run between which weights
 *   are pruned, and how gradual magnitude pruning spreads the zeros over the layers.
 * @property {number} heldOutEvery With `--held-out`, every so-manieth training image of a class is held out.
 */

/** @type {Record<string, Settings>} */
export const tasks = {
  caltech101: {
    task: 'caltech101',
    size: 128,
    classes: 101,
    smallestCrop: 0.4,
    batchSize: 32,
    steps: 600,
    learningRate: 0.02,
    warmUp: 30,
    weightDecay: 1e-4,
    labelSmoothing: 0.1,
    every: 15,
    gradual: { start: 0.1, end: 2 / 3, distribution: 'global' },
    heldOutEvery: 5,
  },
  cifar10: {
    task: 'cifar10',
    size: 64,
    classes: 10,
    smallestCrop: 0.6,
    batchSize: 64,
    steps: 3000,
    learningRate: 0.05,
    warmUp: 100,
    weightDecay: 1e-4,
    labelSmoothing: 0.1,
    every: 75,
    gradual: { start: 0.1, end: 2 / 3, distribution: 'global' },
    heldOutEvery: 10,
  },
};

/** How training images are cut out, and test images. */
export function transformsOf({ size, smallestCrop }) {
  const interpolation = 'bicubic';
  return {
    training: randomResizedCrop({ size, scale: [smallestCrop, 1], interpolation }),
    test: resizeAndCrop({ size, resize: size, interpolation }),
  };
}

/**
 * The images to train on and to judge by. With `heldOut` both are training images: the test images are not looked at.
 *
 * @param {Settings} settings
 * @param {boolean} heldOut
 */
export async function imagesOf({ task, heldOutEvery }, heldOut) {
  const { train, test } = await load(task);
  if (!heldOut) return { train, test };
  const seen = new Map();
  const [kept, held] = [[], []];
  for (let index = 0; index < train.size; index++) {
    const label = train.label(index);
    const place = seen.get(label) ?? 0;
    seen.set(label, place + 1);
    (place % heldOutEvery === heldOutEvery - 1 ? held : kept).push(index);
  }
  return { train: imageFilesSubset(train, kept), test: imageFilesSubset(train, held) };
}

async function load(task) {
  if (task === 'caltech101') {
    const { train, test } = await loadTask(task, { split: 'salman2020' });
    return { train: heldInMemory(train), test };
  }
  const { train, test } = await loadDataset(task);
  return { train: imageFilesOf(train), test: imageFilesOf(test) };
}
