import { type MethodDefinition, numberIn, type OptionNote } from '@espalier/core';
import { type OneShotWoodFisherOptions, oneShotWoodFisher, oneShotWoodFisherRules } from './one-shot.js';
import type { FisherOptions, WoodFisherOptions } from './options.js';
import { woodFisher, woodFisherRules } from './wood-fisher.js';

const fisher: Readonly<Record<keyof FisherOptions, OptionNote>> = {
  samples: { summary: 'gradients in each estimate', source: '200; ResNet-50 of the paper: 400' },
  blockSize: { summary: 'weights that share a Fisher block', source: "50; the authors' README: 1000 and more" },
  damping: { summary: 'what is added to the diagonal of the Fisher matrix', source: '1e-5, every published run' },
  compensation: { summary: 'factor of the shift of the weights that stay; 0 only removes' },
  distribution: { summary: 'how the sparsity is spread over the layers' },
  memoryLimit: { summary: 'bytes that the estimate may take' },
  executor: { summary: 'where the arithmetic runs; only in code' },
  onProgress: { summary: 'called with progress; only in code' },
};
const estimate = { samples: 200, blockSize: 50, damping: 1e-5, compensation: 1, distribution: 'global' };

/** Far rarer than magnitude pruning, since every pruning costs `samples` backward passes: five times in the run. */
const woodFisherDefinition: MethodDefinition<WoodFisherOptions> = {
  name: 'woodfisher',
  summary: 'Masks gradually what the loss misses least by its second derivatives, and shifts the rest',
  source: 'Singh & Alistarh 2020, arXiv:2004.14340',
  rules: woodFisherRules,
  notes: {
    ...fisher,
    sparsity: { summary: 'fraction of the prunable weights that is masked in the end' },
    cadence: {
      summary: 'first and last pruning step, and the steps between',
      source: 'to two thirds of the run, 5 times',
    },
    initialSparsity: { summary: 'sparsity at the first pruning step', source: "0.05, the authors' configurations" },
    schedule: { summary: 'sparsity by step; a cubic polynomial if left out' },
  },
  defaults: ({ steps, sparsity, trained }, given) => {
    const start = numberIn(given, 'cadence', 'start') ?? (trained ? 0 : Math.floor(steps / 8));
    const end = numberIn(given, 'cadence', 'end') ?? Math.max(start, Math.floor((2 * steps) / 3));
    const every = Math.max(1, Math.ceil((end - start) / 4));
    const initialSparsity = Math.min(0.05, numberIn(given, 'sparsity') ?? sparsity);
    return { sparsity, cadence: { start, end, every }, initialSparsity, ...estimate };
  },
  create: woodFisher,
};

const oneShotDefinition: MethodDefinition<OneShotWoodFisherOptions> = {
  name: 'woodfisher-one-shot',
  summary: 'The same in one cut, or a few one after the other',
  source: 'Singh & Alistarh 2020, arXiv:2004.14340',
  rules: oneShotWoodFisherRules,
  notes: {
    ...fisher,
    sparsity: { summary: 'fraction of the prunable weights that is masked' },
    position: { summary: 'step after which they are masked', source: 'two thirds of the run; 0 for a trained network' },
    cuts: { summary: 'cuts in which that is reached, a step apart; more than one keeps more', source: '1, the paper' },
  },
  defaults: ({ steps, sparsity, trained }) => ({
    sparsity,
    position: trained ? 0 : Math.max(0, Math.round((2 / 3) * steps) - 1),
    cuts: 1,
    ...estimate,
  }),
  create: oneShotWoodFisher,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [MethodDefinition<WoodFisherOptions>, MethodDefinition<OneShotWoodFisherOptions>] = [
  woodFisherDefinition,
  oneShotDefinition,
];
