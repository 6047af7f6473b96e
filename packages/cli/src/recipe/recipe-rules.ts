import { type OptionRules, rules } from '@espalier/core';
import { type OwnData, ownDataRules } from '../data/own-data.js';
import { classWeightsRule } from '../options/class-weights.js';
import { learningRateRule } from '../options/learning-rate.js';
import { teacherRule } from '../teacher/teacher.js';
import type { Recipe } from './recipe.js';

const { either, integer, list, number, object, oneOf, optional, text, that } = rules;
const count = integer({ from: 0 });

/**
 * What every entry of a recipe must be, wherever it comes from: a checkpoint is a file like any other. Whether there is
 * such a dataset, model or method, `requireDataset`, `requireModel` and `loadMethod` say; the options are checked by
 * the method.
 */
export const recipeRules: OptionRules<Recipe> = {
  dataset: text,
  data: optional(object<OwnData>(ownDataRules)),
  model: either('a text or null', text, oneOf(null)),
  from: either('a file name or null', text, oneOf(null)),
  architecture: optional(text),
  seed: count,
  steps: count,
  batchSize: integer({ from: 1 }),
  learningRate: learningRateRule,
  warmUp: count,
  weightDecay: number({ from: 0 }),
  batchNormMomentum: optional(number({ from: 0, below: 1 })),
  loss: optional(text),
  metric: optional(list(text)),
  labelSmoothing: number({ from: 0, below: 1 }),
  classWeights: optional(classWeightsRule),
  teacher: teacherRule,
  method: text,
  options: that('an object of options', value => typeof value === 'object' && value !== null && !Array.isArray(value)),
  include: optional(list(text)),
  except: optional(list(text)),
  newClassifier: optional(text),
};
