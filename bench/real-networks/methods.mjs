/**
 * The methods and their settings: the definitions of the registry, which scale the papers' settings to the task's
 * budget, with what this comparison has otherwise. Written down before the first run on test images, and none tuned
 * afterwards.
 */
import { scheduleFromData } from '@espalier/core';
import { definedRun } from '../registry.mjs';

/** @typedef {import('./tasks.mjs').Settings} Settings */

/** Gradients in each estimate of WoodFisher, images in each of them, weights that share a block. */
export const fisher = { samples: 80, images: 8, blockSize: 50 };

/** When gradual pruning starts and ends. */
const gradual = ({ steps, every, gradual: { start, end } }) => ({
  start: Math.round(start * steps),
  end: Math.round(end * steps),
  every,
});

/** Six estimates instead of some thirty cuts, since each costs 80 backward passes. */
function estimated(settings) {
  const { start, end } = gradual(settings);
  const { samples, blockSize } = fisher;
  return { cadence: { start, end, every: Math.ceil((end - start) / 5) }, samples, blockSize };
}

/** Updates every so many steps, as the task has it. */
const often = ({ every }) => ({ cadence: { every } });

/** What is set otherwise than in the registry. @type {Record<string, (settings: Settings) => object>} */
const given = {
  magnitude: settings => ({ cadence: gradual(settings), distribution: settings.gradual.distribution }),
  woodfisher: estimated,
  rigl: often,
  granet: often,
  str: often,
  gap: () => ({ partitions: 4, initialMasks: 'magnitude' }),
  iterative: () => ({ phases: 3, retraining: 'linear-restart' }),
};

/** Rises over `warmUp` steps, then falls along a cosine to 0. */
const rateOver = ({ learningRate: from, warmUp }, end) => ({ shape: 'cosine', from, start: warmUp, end, warmUp });

/**
 * @param {string} name
 * @param {Settings} settings
 * @param {number} sparsity
 * @returns The method, and the learning rate of the session by position.
 */
export function planOf(name, settings, sparsity) {
  const { steps } = settings;
  const budget = { steps, sparsity, rateOver: positions => rateOver(settings, positions) };
  const { method, rateOver: end } = definedRun(name === 'dense' ? 'fixed' : name, budget, given[name]?.(settings));
  return { method, learningRate: scheduleFromData(rateOver(settings, end)) };
}

/**
 * @typedef {object} Row
 * @property {string} method
 * @property {number} sparsity
 * @property {boolean} distilled
 * @property {boolean} [once] It is run with the first seed alone.
 */

/** @type {readonly Row[]} */
export const rows = [
  { method: 'dense', sparsity: 0, distilled: false },
  ...[0.8, 0.9].flatMap(sparsity => [false, true].map(distilled => ({ method: 'magnitude', sparsity, distilled }))),
  ...['woodfisher', 'rigl', 'granet', 'acdc', 'str', 'gap', 'iterative'].map(method => ({
    method,
    sparsity: 0.9,
    distilled: false,
    once: true,
  })),
];

/** Name of a row, in options and files. */
export const rowName = ({ method, sparsity, distilled }) =>
  [method, ...(sparsity > 0 ? [sparsity] : []), ...(distilled ? ['distilled'] : [])].join('-');
