import type { MethodDefinition } from '@espalier/core';
import { gradualWindow } from './gradual-window.js';
import { iterativeDefinition } from './iterative-definition.js';
import type { IterativeMagnitudeOptions } from './iterative-options.js';
import { type MagnitudeOptions, magnitude, magnitudeRules } from './magnitude.js';
import { type OneShotMagnitudeOptions, oneShotMagnitude, oneShotRules } from './one-shot.js';

const magnitudeDefinition: MethodDefinition<MagnitudeOptions> = {
  name: 'magnitude',
  summary: 'Masks the smallest weights step by step while the network trains',
  source: 'Zhu & Gupta 2017, arXiv:1710.01878',
  rules: magnitudeRules,
  notes: {
    sparsity: { summary: 'fraction of the prunable weights that is masked in the end' },
    cadence: {
      summary: 'first and last pruning step, and the steps between',
      source: 'from an eighth (0 for a trained network) to two thirds of the run, 40 times',
    },
    initialSparsity: { summary: 'sparsity at the first pruning step', source: 'equation 1' },
    schedule: { summary: 'sparsity by step; a cubic polynomial if left out', source: 'equation 1' },
    distribution: { summary: 'how the sparsity is spread over the layers' },
  },
  defaults: (run, given) => ({
    sparsity: run.sparsity,
    cadence: gradualWindow(run, given),
    initialSparsity: 0,
    distribution: 'global',
  }),
  create: magnitude,
};

const oneShotDefinition: MethodDefinition<OneShotMagnitudeOptions> = {
  name: 'one-shot',
  summary: 'Masks the smallest weights at once and trains on with those masks',
  source: 'Han et al. 2015, arXiv:1506.02626',
  rules: oneShotRules,
  notes: {
    sparsity: { summary: 'fraction of the prunable weights that is masked' },
    position: { summary: 'step after which they are masked', source: 'an eighth of the run; 0 for a trained network' },
    distribution: { summary: 'how the sparsity is spread over the layers' },
  },
  defaults: ({ steps, sparsity, trained }) => ({
    sparsity,
    position: trained ? 0 : Math.floor(steps / 8),
    distribution: 'global',
  }),
  create: oneShotMagnitude,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [
  MethodDefinition<MagnitudeOptions>,
  MethodDefinition<OneShotMagnitudeOptions>,
  MethodDefinition<IterativeMagnitudeOptions>,
] = [magnitudeDefinition, oneShotDefinition, iterativeDefinition];
