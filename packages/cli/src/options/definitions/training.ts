import { distributionNames } from '@espalier/core';
import type { ArgsDef } from 'citty';
import { augmenting } from '../../data/definitions.js';
import { judgedBy } from '../../loss/definitions.js';
import { methodNames } from '../../method/registry.js';
import { teaching } from '../../teacher/definitions.js';
import type { CommandArguments } from '../command-arguments.js';
import { classifier, data, list } from './shared.js';

/** Options of the commands that train. */
export const training: ArgsDef = {
  ...data,
  ...augmenting,
  epochs: { type: 'string', valueHint: 'count', description: 'Length of training in passes over the data (5)' },
  steps: { type: 'string', valueHint: 'count', description: 'Length of training in steps, instead of --epochs' },
  'learning-rate': {
    type: 'string',
    valueHint: 'rate',
    description: 'Highest learning rate; falls along a cosine (0.05)',
  },
  'warm-up': { type: 'string', valueHint: 'steps', description: 'Steps in which the learning rate rises from 0 (50)' },
  'weight-decay': { type: 'string', valueHint: 'rate', description: 'Coupled weight decay of the kernels (0.0001)' },
  'batch-norm-momentum': {
    type: 'string',
    valueHint: 'fraction',
    description:
      "Fraction of the statistics of batch normalization that each step keeps, in [0, 1) (the network's own); 0.9 for short runs",
  },
  ...judgedBy,
  ...teaching,
  'label-smoothing': {
    type: 'string',
    valueHint: 'fraction',
    description: 'Fraction of label smoothing, in [0, 1) (0)',
  },
  'class-weights': {
    type: 'string',
    valueHint: 'weights',
    description:
      'balanced, so that rare classes count as much as frequent ones, or a number for each class, between commas',
  },
  seed: {
    type: 'string',
    valueHint: 'integer',
    description: 'Root of all randomness: weights, order, augmentation (0)',
  },
  out: {
    type: 'string',
    valueHint: 'directory',
    description: 'Directory for checkpoints and results (runs/<command>)',
  },
  'keep-head': {
    type: 'boolean',
    description: 'Refuse a network of another number of classes than the data, instead of giving it a new classifier',
  },
  ...classifier,
  resume: { type: 'boolean', description: 'Go on with the run in --out, with the options it was started with' },
  'checkpoint-every': { type: 'string', valueHint: 'steps', description: 'Steps between checkpoints (100)' },
  'evaluate-every': { type: 'string', valueHint: 'steps', description: 'Steps between evaluations (one epoch)' },
};

/** Options of `prune`. */
export const pruning: CommandArguments = {
  recipe: {
    type: 'string',
    valueHint: 'file',
    description:
      'Recipe with any of these options: .yaml, .json, .ts, .mjs or .md, or preset:NAME of espalier recipes; options given here win',
  },
  from: {
    type: 'string',
    valueHint: 'file',
    description:
      'Network to prune, the directory of its run or any file that --model takes; without one a new one is trained',
  },
  method: {
    type: 'string',
    valueHint: 'name',
    description: `${methodNames.join(', ')}, a package or a file such as ./my-method.mjs (magnitude if left out); see espalier methods`,
  },
  option: {
    type: 'string',
    valueHint: 'name=value',
    many: true,
    description: 'An option of the method, such as cadence.every=50; may be given more than once',
  },
  sparsity: {
    type: 'string',
    valueHint: 'fraction',
    description: 'Fraction of the prunable weights to mask, in [0, 1) (0.9)',
  },
  distribution: {
    type: 'string',
    valueHint: 'name',
    description: `${list(distributionNames)} (that of the method if left out)`,
  },
  include: {
    type: 'string',
    valueHint: 'weights',
    description: 'Weights to prune that stay dense by default: names or /patterns/, between commas',
  },
  except: {
    type: 'string',
    valueHint: 'weights',
    description: 'Weights to leave dense: names or /patterns/, between commas',
  },
  start: {
    type: 'string',
    valueHint: 'step',
    description: 'First pruning step (that of the method if left out)',
  },
  end: { type: 'string', valueHint: 'step', description: 'Last pruning step (that of the method)' },
  every: { type: 'string', valueHint: 'steps', description: 'Steps between prunings (those of the method)' },
};
