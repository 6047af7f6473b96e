/**
 * The methods and their settings: the papers' defaults, scaled to the task's budget as in bench/methods. Written down
 * before the first run on test images, and none tuned afterwards.
 */
import { cosine, fixed, warmUp } from '@espalier/core';
import { acdc } from '@espalier/prune-acdc';
import { gap } from '@espalier/prune-gap';
import { iterativeMagnitude, linearRestart, magnitude } from '@espalier/prune-magnitude';
import { granet, rigl } from '@espalier/prune-rigl';
import { softThreshold } from '@espalier/prune-str';
import { woodFisher } from '@espalier/prune-woodfisher';

/** @typedef {import('./tasks.mjs').Settings} Settings */

/** Gradients in each estimate of WoodFisher, images in each of them, weights that share a block. */
export const fisher = { samples: 80, images: 8, blockSize: 50 };

const part = (steps, fraction) => Math.round(fraction * steps);

const rateOver = ({ learningRate, warmUp: steps }, end) =>
  warmUp(cosine({ from: learningRate, start: steps, end }), { steps });

/** Gradual pruning goes on from a tenth of the run to two thirds of it. */
const window = ({ steps, every }) => ({ start: part(steps, 0.1), end: part(steps, 2 / 3), every });

/** Six estimates instead of some thirty cuts, since each costs 80 backward passes. */
function gradualWoodFisher(settings, sparsity) {
  const { start, end } = window(settings);
  const cadence = { start, end, every: Math.ceil((end - start) / 5) };
  const { samples, blockSize } = fisher;
  return woodFisher({ sparsity, cadence, samples, blockSize });
}

/** Zimmer et al. 2023: two fifths of the steps train the dense network, then three cuts, each with an equal rest. */
function iterative(settings, sparsity) {
  const denseSteps = part(settings.steps, 0.4);
  const denseSchedule = rateOver(settings, denseSteps);
  const retrainSteps = { total: settings.steps - denseSteps };
  const { warmUp: denseWarmUp } = settings;
  const common = { denseSchedule, denseSteps, denseWarmUp, retrainSteps, retraining: linearRestart };
  return iterativeMagnitude({ sparsity, phases: 3, ...common });
}

/** Peste et al. 2021 on CIFAR: of 200 epochs 10 dense, then 20 and 20 in turn, the last 30 or more sparse. */
function alternating({ steps }) {
  const [tenth, twentieth, last] = [0.1, 0.05, 0.15].map(fraction => part(steps, fraction));
  return { total: steps, warmup: twentieth, sparse: tenth, dense: tenth, lastSparse: last };
}

/** Ma et al. 2022: each of four partitions is dense twice in the first three quarters, then fine-tuning. */
function growAndPrune({ steps }, sparsity) {
  const [partitions, turns] = [4, 8];
  return gap({
    sparsity,
    partitions,
    turns,
    turnLength: Math.floor((0.75 * steps) / turns),
    initialMasks: 'magnitude',
  });
}

/** Kusupati et al. 2020; the controller decides the sparsity, on the schedule of gradual pruning. */
function soft(settings, sparsity) {
  const { start, end, every } = window(settings);
  return softThreshold({ sparsity, cadence: { start, every }, end, initialThreshold: -100, thresholdDecay: 5e-4 });
}

/** @type {Record<string, (settings: Settings, sparsity: number) => any>} */
const creators = {
  dense: () => fixed(),
  magnitude: (settings, sparsity) => magnitude({ sparsity, cadence: window(settings) }),
  woodfisher: gradualWoodFisher,
  rigl: ({ steps, every }, sparsity) => rigl({ sparsity, cadence: { start: 0, end: part(steps, 0.75), every } }),
  granet: ({ steps, every }, sparsity) =>
    granet({ sparsity, cadence: { start: 0, end: part(steps, 0.5), every }, trainingSteps: steps }),
  acdc: (settings, sparsity) => acdc({ sparsity, phases: alternating(settings) }),
  str: soft,
  gap: growAndPrune,
  iterative,
};

/**
 * @param {string} name
 * @param {Settings} settings
 * @param {number} sparsity
 * @returns The method, and the learning rate of the session by position.
 */
export function planOf(name, settings, sparsity) {
  const method = creators[name](settings, sparsity);
  const learningRate = rateOver(settings, name === 'iterative' ? part(settings.steps, 0.4) : settings.steps);
  return { method, learningRate };
}

/** @typedef {{ method: string, sparsity: number, distilled: boolean }} Row */

/** @type {readonly Row[]} */
export const rows = [
  { method: 'dense', sparsity: 0, distilled: false },
  ...[0.8, 0.9].flatMap(sparsity => [false, true].map(distilled => ({ method: 'magnitude', sparsity, distilled }))),
  ...['woodfisher', 'rigl', 'granet', 'acdc', 'str', 'gap', 'iterative'].map(method => ({
    method,
    sparsity: 0.9,
    distilled: false,
  })),
];

/** Name of a row, in options and files. */
export const rowName = ({ method, sparsity, distilled }) =>
  [method, ...(sparsity > 0 ? [sparsity] : []), ...(distilled ? ['distilled'] : [])].join('-');
