import { distributionNames, normalizationNames } from '@espalier/core';
import { datasetNames } from '@espalier/datasets/node';
import type { ArgDef, ArgsDef } from 'citty';
import { augmenting, ownImages } from '../data/definitions.js';
import { judgedBy } from '../loss/definitions.js';
import { methodNames } from '../method/registry.js';
import { transferTaskNames } from '../transfer/transfer-task.js';
import type { CommandArguments } from './command-arguments.js';

/** Options of every command. */
export const common: Readonly<Record<'json' | 'backend' | 'memory-limit', ArgDef>> = {
  json: { type: 'boolean', description: 'Print one JSON object on standard output; progress goes to standard error' },
  backend: {
    type: 'string',
    valueHint: 'name',
    description: 'auto, tfjs-node-gpu, tfjs-node, webgpu, wasm or cpu (auto if left out)',
  },
  'memory-limit': {
    type: 'string',
    valueHint: 'bytes',
    description: 'Most that reading files may take, such as 512MB (2 GiB; tasks of transfer have their own limits)',
  },
};

/** Options of the commands that look at data. */
export const data: ArgsDef = {
  ...ownImages,
  dataset: { type: 'string', valueHint: 'name', description: `${list(datasetNames)} (digits if left out)` },
  'batch-size': { type: 'string', valueHint: 'count', description: 'Examples in a batch (64)' },
  ...normalization(),
};

/** Where a network's classifier is. */
const classifier: CommandArguments = {
  'feature-layer': {
    type: 'string',
    valueHint: 'layer',
    description: 'Layer whose output the features are (the input of the classifier, where that can be told)',
  },
  head: {
    type: 'string',
    valueHint: 'none',
    description: 'none: the network ends in features, not in classes, also if its last layer is a dense one',
  },
};

/** Options of `eval`, which takes the dataset that the network was trained on. */
export const judging: ArgsDef = {
  ...data,
  dataset: {
    type: 'string',
    valueHint: 'name',
    description: `${list(datasetNames)} (that of the checkpoint if left out, or digits if it names none)`,
  },
  'batch-size': { type: 'string', valueHint: 'count', description: 'Examples in a batch (250)' },
  ...judgedBy,
};

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

const {
  data: path,
  'test-fraction': testFraction,
  size,
  resize,
  interpolation,
  'skip-damaged': skipDamaged,
} = ownImages as Readonly<Record<string, ArgDef>>;
const ownTask = { data: path, 'test-fraction': testFraction, 'skip-damaged': skipDamaged } as ArgsDef;

/** Options of `predict` about images. */
export const looking: ArgsDef = {
  size: size as ArgDef,
  resize: resize as ArgDef,
  interpolation: interpolation as ArgDef,
  'skip-damaged': skipDamaged as ArgDef,
  'batch-size': { type: 'string', valueHint: 'count', description: 'Images that are looked at together (16)' },
  ...normalization(),
};

/** Options of `inspect`. */
export const measuring: ArgsDef = {
  size: looked(),
  measure: {
    type: 'boolean',
    default: true,
    description: 'Time the network as bench does',
    negativeDescription: 'Do not time the network',
  },
};

/** Options of `bench`. */
export const benchmark: ArgsDef = {
  size: looked(),
  threads: { type: 'string', valueHint: 'count', description: 'Threads of our plans (all cores if that is faster)' },
  batch: { type: 'string', valueHint: 'count', description: 'Inputs of one run (1)' },
  rounds: {
    type: 'string',
    valueHint: 'count',
    description: 'Interleaved rounds; each times every candidate once (as many as fit into 2.5 s)',
  },
  instructions: { type: 'string', valueHint: 'name', description: 'auto, simd or relaxed-simd (auto if left out)' },
  'per-layer': { type: 'boolean', description: 'Time every layer too' },
};

/** Options of `transfer`. */
export const transferring: ArgsDef = {
  task: { type: 'string', valueHint: 'name', description: list(transferTaskNames) },
  ...ownTask,
  protocol: {
    type: 'string',
    valueHint: 'name',
    description: 'linear (classifier on frozen features) or full (all active weights, fixed masks)',
  },
  seeds: {
    type: 'string',
    valueHint: 'list',
    description: 'One run for each (linear 21,51,81,111,141; full 21,51,81)',
  },
  epochs: { type: 'string', valueHint: 'count', description: 'Passes over the training images (150)' },
  split: { type: 'string', valueHint: 'name', description: 'official or salman2020 (official if left out)' },
  ...normalization(),
  size: {
    type: 'string',
    valueHint: 'pixels',
    description: "Side of the images, or height x width such as 96x128 (that of the network's input)",
  },
  ...classifier,
  runtime: {
    type: 'string',
    valueHint: 'name',
    description: 'Features by tfjs or sparse, for linear (tfjs if left out)',
  },
  'allow-dense': { type: 'boolean', description: 'Fine-tune a network without a zero, as a baseline' },
  out: {
    type: 'string',
    valueHint: 'directory',
    description: 'Directory for features, unfinished runs and results (runs/transfer)',
  },
};

/** Size of images for commands that look at none; a function, because it is needed above. */
function looked(): ArgDef {
  const description = "Side of the network's images, or height x width such as 96x128 (that of its input)";
  return { type: 'string', valueHint: 'pixels', description };
}

/** What the network's images are normalized with; a function, because it is needed above. */
function normalization(): ArgsDef {
  const names = `${normalizationNames.join(', ')} or mean,…/std,… of values from 0 to 1`;
  const description = `What the network was trained with: ${names} (what it carries, if left out)`;
  return { normalization: { type: 'string', valueHint: 'name', description } };
}

/** Options of `methods`. */
export const describing: ArgsDef = {
  steps: { type: 'string', valueHint: 'count', description: 'Length of the run that defaults are shown for (1000)' },
};

function list(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
