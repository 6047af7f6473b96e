import { type MethodDefinition, numberIn, type OptionData, type OptionNote, type TrainingRun } from '@espalier/core';
import { granet } from './granet.js';
import { type GraNetOptions, granetRules } from './granet-options.js';
import { sparseInitRules } from './random-masks.js';
import { type RigLOptions, rigl, riglRules } from './rigl.js';
import { type SetOptions, set, setRules } from './set.js';
import { type StaticSparseOptions, staticSparse } from './static-sparse.js';

const sparsity = { summary: 'fraction of the prunable weights that is masked throughout' };
const distribution = { summary: 'how it is spread over the layers, once', source: 'ERK, Evci et al. 2020, section 3' };
const moving: Readonly<Record<'cadence' | 'dropFraction' | 'anneal', OptionNote>> = {
  cadence: {
    summary: 'steps at which connections move',
    source:
      'to three quarters of the run (Evci et al. 2020: 25k of 32k steps), every fortieth of it, but at least 10 apart',
  },
  dropFraction: { summary: 'fraction of the active weights that move, a number or a schedule', source: '0.3' },
  anneal: { summary: 'how that fraction falls: cosine, constant or { inversePower }' },
};

/** Least steps between two updates: with fewer there would be little training between them. */
const LEAST_EVERY = 10;

/** Steps between two updates: a fortieth of the run. */
function everyOf({ steps }: TrainingRun, given: OptionData): number {
  return numberIn(given, 'cadence', 'every') ?? Math.max(LEAST_EVERY, Math.round(steps / 40));
}

const riglDefinition: MethodDefinition<RigLOptions> = {
  name: 'rigl',
  summary: 'Sparse from the first step; connections move to where the gradient is largest',
  source: 'Evci et al. 2020, arXiv:1911.11134',
  rules: riglRules,
  notes: {
    sparsity,
    distribution,
    ...moving,
    optimizer: { summary: 'whether steps that move connections also update the weights', source: "the authors' code" },
  },
  defaults: (run, given) => ({
    sparsity: run.sparsity,
    cadence: { start: 0, end: Math.round(0.75 * run.steps), every: everyOf(run, given) },
    dropFraction: 0.3,
    distribution: 'erdosRenyiKernel',
    optimizer: 'skip',
  }),
  create: rigl,
};

const setDefinition: MethodDefinition<SetOptions> = {
  name: 'set',
  summary: 'Sparse from the first step; connections move at random',
  source: 'Mocanu et al. 2018, arXiv:1707.04780',
  rules: setRules,
  notes: { sparsity, distribution, ...moving },
  defaults: (run, given) => {
    const every = everyOf(run, given);
    return {
      sparsity: run.sparsity,
      cadence: { start: every - 1, end: Math.max(every - 1, Math.round(0.75 * run.steps)), every },
      dropFraction: 0.3,
      distribution: 'erdosRenyiKernel',
    };
  },
  create: set,
};

const staticDefinition: MethodDefinition<StaticSparseOptions> = {
  name: 'static',
  summary: 'Random masks before the first step, which never change',
  source: 'the baseline of Evci et al. 2020, arXiv:1911.11134',
  rules: sparseInitRules,
  notes: { sparsity, distribution },
  defaults: run => ({ sparsity: run.sparsity, distribution: 'erdosRenyiKernel' }),
  create: staticSparse,
};

const granetDefinition: MethodDefinition<GraNetOptions> = {
  name: 'granet',
  summary: 'Prunes gradually and regenerates connections where the gradient is largest',
  source: 'Liu et al. 2021, arXiv:2106.10404',
  rules: granetRules,
  notes: {
    sparsity: { summary: 'fraction of the prunable weights that is masked in the end' },
    cadence: { summary: 'steps at which it prunes and regenerates', source: 'to half of the run' },
    trainingSteps: { summary: 'steps of the run, to whose end regeneration goes on' },
    initialSparsity: { summary: 'sparsity before the first step', source: '0.5, section 4' },
    regrowFraction: { summary: 'fraction of the active weights that is exchanged at first', source: '0.5, section 4' },
    finalRegrowFraction: { summary: 'what that fraction falls to along a cosine', source: '0.005' },
    distribution: { summary: 'how the sparsity is spread over the layers' },
    initialDistribution: { summary: 'how the initial sparsity is spread over them', source: 'ERK' },
  },
  defaults: (run, given) => {
    const wanted = numberIn(given, 'sparsity') ?? run.sparsity;
    const regrowFraction = numberIn(given, 'regrowFraction') ?? 0.5;
    return {
      sparsity: run.sparsity,
      cadence: { start: 0, end: Math.round(run.steps / 2), every: everyOf(run, given) },
      trainingSteps: run.steps,
      initialSparsity: Math.min(0.5, wanted),
      regrowFraction,
      finalRegrowFraction: Math.min(0.005, regrowFraction),
      distribution: 'global',
      initialDistribution: 'erdosRenyiKernel',
    };
  },
  create: granet,
};

/** The methods of this package, for commands, recipes and benchmarks. */
export const definitions: readonly [
  MethodDefinition<RigLOptions>,
  MethodDefinition<SetOptions>,
  MethodDefinition<StaticSparseOptions>,
  MethodDefinition<GraNetOptions>,
] = [riglDefinition, setDefinition, staticDefinition, granetDefinition];
