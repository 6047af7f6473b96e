import { distributionNames, type OptionRule, rules } from '@espalier/core';
import { datasetNames } from '@espalier/datasets/node';
import { augmentations } from '../data/augmentation.js';
import { classWeightsRule } from '../options/class-weights.js';
import { imageSizeRule } from '../options/image-size.js';
import { learningRateRule } from '../options/learning-rate.js';

const { boolean, either, integer, list, number, oneOf, steps, text } = rules;
const texts = either('a text or a list of texts', text, list(text));
const fraction = number({ from: 0, below: 1 });

/**
 * How a recipe writes each option of `prune`, by the option's name; in the recipe that is in camel case. A test holds
 * that every option is here.
 */
export const recipeOptionRules: Readonly<Record<string, OptionRule>> = {
  dataset: oneOf(...datasetNames),
  data: text,
  'test-fraction': number({ above: 0, below: 1 }),
  size: imageSizeRule,
  resize: text,
  interpolation: oneOf('bilinear', 'bicubic'),
  'skip-damaged': boolean,
  augment: oneOf(...augmentations),
  normalization: text,
  'batch-size': integer({ from: 1 }),
  epochs: number({ from: 0 }),
  steps: integer({ from: 0 }),
  'learning-rate': learningRateRule,
  'warm-up': steps({ from: 0 }),
  'weight-decay': number({ from: 0 }),
  'batch-norm-momentum': fraction,
  'label-smoothing': fraction,
  'class-weights': classWeightsRule,
  loss: text,
  metric: texts,
  teacher: text,
  'teacher-weight': number({ from: 0, to: 1 }),
  temperature: number({ above: 0 }),
  'teacher-layers': texts,
  'teacher-layers-weight': number({ from: 0 }),
  seed: integer({ from: 0 }),
  from: text,
  model: text,
  weights: text,
  register: texts,
  'feature-layer': text,
  head: oneOf('find', 'none'),
  'keep-head': boolean,
  sparsity: fraction,
  distribution: oneOf(...distributionNames),
  include: texts,
  except: texts,
  start: steps({ from: 0 }),
  end: steps({ from: 0 }),
  every: steps({ from: 1 }),
  out: text,
  'checkpoint-every': integer({ from: 1 }),
  'evaluate-every': integer({ from: 1 }),
  backend: text,
  'memory-limit': either('bytes', text, integer({ from: 1 })),
};

/** Options of a call and not of a run; `method` has its own place in a recipe, with the method's options. */
export const notInRecipes: readonly string[] = ['recipe', 'resume', 'json', 'option', 'method'];

/** `learning-rate` in a recipe: `learningRate`. */
export const keyOf = (option: string): string =>
  option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
