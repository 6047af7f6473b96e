/**
 * The methods and their settings: the definitions that the method packages export, which scale the papers' settings to
 * the suite's budget, with what this comparison has otherwise. Every run takes `steps` optimizer steps in all. Written
 * down before the first run, and the same for every sparsity.
 */
import { scheduleFromData } from '@espalier/core';
import { definedRun } from '../registry.mjs';

/** @typedef {import('./suites.mjs').Suite} Suite */
/** @typedef {{ method: any, learningRate: (position: number) => number, positions: number }} Plan */

/** The rate of He et al. 2016 on CIFAR-10: a tenth after half of the training, a hundredth after three quarters. */
const rateOver = ({ learningRate }, positions) => ({
  shape: 'stepwise',
  from: learningRate,
  milestones: [Math.round(positions / 2), Math.round(0.75 * positions)],
});

/** Two thirds of the budget train the dense network, one third retrains after the cut. */
const denseSteps = ({ steps }) => Math.round((2 / 3) * steps);

/** Updates every so many steps, as the suite has it. */
const often = ({ every }) => ({ cadence: { every } });

/** One cut after dense training, and the rate of retraining is what differs. */
const oneCut = retraining => () => ({ phases: 1, retraining });

/** The tenth of the run that trains densely before gradual pruning. */
const gradual = ({ steps, every }) => ({
  cadence: { start: Math.round(0.1 * steps), end: Math.round((2 / 3) * steps), every },
});

/** The keys of stored results: the method's name in the registry, what is set otherwise, and a rate of its own. */
const rows = {
  dense: { name: 'fixed' },
  oneShot: { name: 'iterative', given: oneCut('fine-tuning') },
  imp: { name: 'iterative', given: oneCut('linear-restart') },
  impAdaptive: { name: 'iterative', given: oneCut('adaptive-linear-restart') },
  gradual: { name: 'magnitude', given: gradual },
  // One cut after the same dense training as oneShot, then the same rate of fine-tuning.
  woodFisher: {
    name: 'woodfisher-one-shot',
    given: ({ fisher: { samples, blockSize } }) => ({ samples, blockSize }),
    rate: denseSteps,
  },
  staticSparse: { name: 'static' },
  set: { name: 'set', given: often },
  rigl: { name: 'rigl', given: often },
  riglUniform: { name: 'rigl', given: suite => ({ ...often(suite), distribution: 'uniform' }) },
  granet: { name: 'granet', given: often },
  acdc: { name: 'acdc' },
  gap: { name: 'gap', given: ({ partitions }) => ({ partitions }) },
  lotteryTicket: { name: 'lottery-ticket' },
  str: { name: 'str', given: often },
};

/** @returns {Plan} */
function planOf({ name, given, rate }, suite, sparsity) {
  const budget = { steps: suite.steps, sparsity: sparsity ?? 0, rateOver: positions => rateOver(suite, positions) };
  const { method, positions, rateOver: length } = definedRun(name, budget, given?.(suite));
  return { method, learningRate: scheduleFromData(rateOver(suite, rate?.(suite) ?? length)), positions };
}

/** @type {Record<string, (suite: Suite, sparsity: number) => Plan>} */
export const methods = Object.fromEntries(
  Object.entries(rows).map(([key, row]) => [key, (suite, sparsity) => planOf(row, suite, sparsity)]),
);

/** Methods in the order in which they are run and shown. */
export const methodNames = Object.keys(methods);
