/**
 * The methods and their settings: the papers' defaults, scaled to the suite's budget. Every run takes `steps` optimizer
 * steps in all. Written down before the first run, and the same for every sparsity.
 */
import { fixed, stepwise, uniform } from '@espalier/core';
import { acdc } from '@espalier/prune-acdc';
import { gap } from '@espalier/prune-gap';
import { lotteryTicket } from '@espalier/prune-lth';
import {
  adaptiveLinearRestart,
  fineTuning,
  iterativeMagnitude,
  linearRestart,
  magnitude,
} from '@espalier/prune-magnitude';
import { granet, rigl, set, staticSparse } from '@espalier/prune-rigl';
import { softThreshold } from '@espalier/prune-str';
import { oneShotWoodFisher } from '@espalier/prune-woodfisher';

/** @typedef {import('./suites.mjs').Suite} Suite */
/** @typedef {{ method: any, learningRate: (position: number) => number, positions: number }} Plan */

/** The rate of He et al. 2016 on CIFAR-10: a tenth after half of the training, a hundredth after three quarters. */
const rateOver = ({ learningRate }, positions) =>
  stepwise({ from: learningRate, milestones: [Math.round(positions / 2), Math.round(0.75 * positions)] });

/** A method that trains once through the whole budget. @returns {Plan} */
const throughout = (suite, method) => ({ method, learningRate: rateOver(suite, suite.steps), positions: suite.steps });

/** Two thirds of the budget train the dense network, one third retrains after the cut. */
const denseSteps = ({ steps }) => Math.round((2 / 3) * steps);

/** Zimmer et al. 2023 with one phase; the rate of retraining is what differs. @returns {Plan} */
function iterative(suite, sparsity, retraining) {
  const dense = denseSteps(suite);
  const learningRate = rateOver(suite, dense);
  const retrainSteps = { total: suite.steps - dense };
  const common = { sparsity, phases: 1, denseSchedule: learningRate, denseSteps: dense, retrainSteps, retraining };
  return { method: iterativeMagnitude(common), learningRate, positions: suite.steps };
}

/** Updates from the start to three quarters of the training (Evci et al. 2020: 25k of 32k steps). */
const exploring = ({ steps, every }, start = 0) => ({ start, end: Math.round(0.75 * steps), every });

/**
 * Singh & Alistarh 2020, one cut after the same dense training as `oneShot`, then the same rate of fine-tuning.
 * @returns {Plan}
 */
function woodFisherOnce(suite, sparsity) {
  const dense = denseSteps(suite);
  const { samples, blockSize } = suite.fisher;
  const method = oneShotWoodFisher({ sparsity, position: dense - 1, samples, blockSize });
  return { method, learningRate: rateOver(suite, dense), positions: suite.steps };
}

/**
 * Frankle et al. 2020: three rounds and the ticket share the budget; each goes back to a twentieth of its length.
 * @returns {Plan}
 */
function ticket(suite, sparsity) {
  const rounds = 3;
  const rewindTo = Math.round(suite.steps / (rounds + 1) / 20);
  const roundLength = Math.floor((suite.steps + rounds * rewindTo) / (rounds + 1));
  const method = lotteryTicket({ sparsity, rounds, roundLength, rewindTo });
  return { method, learningRate: rateOver(suite, roundLength), positions: roundLength };
}

/** Peste et al. 2021 on CIFAR: of 200 epochs 10 dense, then 20 and 20 in turn, the last 30 or more sparse. */
function alternating({ steps }) {
  const stepsOf = part => Math.round(part * steps);
  return { total: steps, warmup: stepsOf(0.05), sparse: stepsOf(0.1), dense: stepsOf(0.1), lastSparse: stepsOf(0.15) };
}

/** Ma et al. 2022: every partition is dense twice in the first three quarters, then fine-tuning. */
function growAndPrune({ steps, partitions }, sparsity) {
  const turns = 2 * partitions;
  return gap({ sparsity, partitions, turns, turnLength: Math.floor((0.75 * steps) / turns) });
}

/**
 * Kusupati et al. 2020 with the settings that its author gives for small data (s from -100, decay 5e-4; issue 2 of its
 * code). In so few steps decay alone would leave s below -80, so the controller decides the sparsity, on the schedule
 * of `gradual`.
 */
function soft({ steps, every }, sparsity) {
  const cadence = { start: Math.round(0.1 * steps), every };
  const end = Math.round((2 / 3) * steps);
  return softThreshold({ sparsity, cadence, end, initialThreshold: -100, thresholdDecay: 5e-4 });
}

/** @type {Record<string, (suite: Suite, sparsity: number) => Plan>} */
export const methods = {
  dense: suite => throughout(suite, fixed()),
  oneShot: (suite, sparsity) => iterative(suite, sparsity, fineTuning),
  imp: (suite, sparsity) => iterative(suite, sparsity, linearRestart),
  impAdaptive: (suite, sparsity) => iterative(suite, sparsity, adaptiveLinearRestart),
  gradual: (suite, sparsity) => {
    const cadence = {
      start: Math.round(0.1 * suite.steps),
      end: Math.round((2 / 3) * suite.steps),
      every: suite.every,
    };
    return throughout(suite, magnitude({ sparsity, cadence }));
  },
  woodFisher: woodFisherOnce,
  staticSparse: (suite, sparsity) => throughout(suite, staticSparse({ sparsity })),
  set: (suite, sparsity) => throughout(suite, set({ sparsity, cadence: exploring(suite, suite.every - 1) })),
  rigl: (suite, sparsity) => throughout(suite, rigl({ sparsity, cadence: exploring(suite) })),
  riglUniform: (suite, sparsity) =>
    throughout(suite, rigl({ sparsity, cadence: exploring(suite), distribution: uniform })),
  granet: (suite, sparsity) => {
    const cadence = { start: 0, end: Math.round(suite.steps / 2), every: suite.every };
    return throughout(suite, granet({ sparsity, cadence, trainingSteps: suite.steps }));
  },
  acdc: (suite, sparsity) => throughout(suite, acdc({ sparsity, phases: alternating(suite) })),
  gap: (suite, sparsity) => throughout(suite, growAndPrune(suite, sparsity)),
  lotteryTicket: ticket,
  str: (suite, sparsity) => throughout(suite, soft(suite, sparsity)),
};

/** Methods in the order in which they are run and shown. */
export const methodNames = Object.keys(methods);
