import { distributionNames, type OptionData } from '@espalier/core';
import { requireDataset } from '../data/require-dataset.js';
import { lossOption, metricOption } from '../loss/names.js';
import { requestedNetwork } from '../network/requested-network.js';
import { classWeights } from '../options/class-weights.js';
import { learningRate } from '../options/learning-rate.js';
import { number, type ParsedOptions, steps, text, whole } from '../options/read.js';
import { selectors } from '../options/selectors.js';
import { requestedTeacher } from '../teacher/teacher.js';
import { requireConsistent } from './complete-recipe.js';
import type { RequestedOptions } from './recipe.js';

/** What the options of `train` and `prune` ask for, each checked by itself. */
export function requestedOptions(given: ParsedOptions, options: OptionData = {}): RequestedOptions {
  const fraction = { least: 0, below: 1 };
  const requested = {
    dataset: text(given, 'dataset'),
    ...requestedNetwork(given),
    seed: whole(given, 'seed', 0),
    epochs: number(given, 'epochs', { least: 0 }),
    steps: whole(given, 'steps', 0),
    batchSize: whole(given, 'batch-size', 1),
    learningRate: learningRate(given),
    warmUp: steps(given, 'warm-up', 0),
    weightDecay: number(given, 'weight-decay', { least: 0 }),
    batchNormMomentum: number(given, 'batch-norm-momentum', fraction),
    loss: lossOption(given),
    metric: metricOption(given),
    labelSmoothing: number(given, 'label-smoothing', fraction),
    classWeights: classWeights(given),
    teacher: requestedTeacher(given),
    method: text(given, 'method'),
    options: Object.keys(options).length > 0 ? options : undefined,
    sparsity: number(given, 'sparsity', fraction),
    distribution: text(given, 'distribution', distributionNames),
    start: steps(given, 'start', 0),
    end: steps(given, 'end', 0),
    every: steps(given, 'every', 1),
    include: selectors(given, 'include'),
    except: selectors(given, 'except'),
  };
  const asked = Object.fromEntries(
    Object.entries(requested).filter(([, value]) => value !== undefined),
  ) as RequestedOptions;
  if (asked.dataset !== undefined) requireDataset(asked.dataset);
  requireConsistent(asked);
  return asked;
}
