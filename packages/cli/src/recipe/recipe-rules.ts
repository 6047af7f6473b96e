import { type OptionRules, rules } from '@espalier/core';
import { type OwnData, ownDataRules } from '../data/own-data.js';
import { distributionNames } from '../options/distributions.js';
import type { Recipe } from './recipe.js';

const { either, integer, list, number, object, oneOf, optional, text } = rules;
const steps = integer({ from: 0 });

/**
 * What every entry of a recipe must be, wherever it comes from: a checkpoint is a file like any other. Whether there is
 * such a dataset and such a model, `requireDataset` and `requireModel` say.
 */
export const recipeRules: OptionRules<Recipe> = {
  dataset: text,
  data: optional(object<OwnData>(ownDataRules)),
  model: either('a text or null', text, oneOf(null)),
  from: either('a file name or null', text, oneOf(null)),
  architecture: optional(text),
  seed: steps,
  steps,
  batchSize: integer({ from: 1 }),
  learningRate: number({ from: 0 }),
  warmUp: steps,
  weightDecay: number({ from: 0 }),
  labelSmoothing: number({ from: 0, below: 1 }),
  method: oneOf('dense', 'magnitude', 'one-shot'),
  sparsity: number({ from: 0, below: 1 }),
  distribution: oneOf(...distributionNames),
  start: steps,
  end: steps,
  every: integer({ from: 1 }),
  include: optional(list(text)),
  except: optional(list(text)),
};
