import { type MethodDefinition, numberIn } from '@espalier/core';
import { softThreshold } from './soft-threshold.js';
import { type SoftThresholdOptions, softThresholdRules } from './soft-threshold-options.js';

/**
 * The author's settings for small data, `s` from −100 and a decay of 5e-4 (issue 2 of its code). In so few steps decay
 * alone would leave `s` below −80, so the controller decides the sparsity; `sparsity: null` turns it off.
 */
const strDefinition: MethodDefinition<SoftThresholdOptions> = {
  name: 'str',
  summary: 'Each layer learns a threshold below which its weights are 0',
  source: 'Kusupati et al. 2020, arXiv:2002.03231',
  rules: softThresholdRules,
  notes: {
    end: { summary: 'step after which the result is baked', source: 'two thirds of the run; its end without sparsity' },
    initialThreshold: { summary: 's of every layer at first', source: '-100 for small data; the paper: -3200' },
    thresholdDecay: { summary: 'decay of every s', source: '5e-4 for small data; the paper: 2.25e-5' },
    thresholdFunction: { summary: 'what makes a threshold of s' },
    sparsity: { summary: 'fraction that the controller reaches; null lets training decide' },
    cadence: { summary: 'first step of the controller, and the steps between' },
    schedule: { summary: 'sparsity by step that the controller follows; a cubic polynomial if left out' },
  },
  defaults: ({ steps, sparsity }, given) => {
    const common = { initialThreshold: -100, thresholdDecay: 5e-4, thresholdFunction: 'sigmoid' };
    if (given.sparsity === null) return { ...common, end: steps - 1 };
    const end = numberIn(given, 'end') ?? Math.round((2 / 3) * steps);
    const start = Math.min(Math.round(0.1 * steps), end);
    return { ...common, end, sparsity, cadence: { start, every: Math.max(1, Math.round(steps / 40)) } };
  },
  create: softThreshold,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [MethodDefinition<SoftThresholdOptions>] = [strDefinition];
