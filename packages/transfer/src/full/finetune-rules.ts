import { type OptionRules, rules } from '@espalier/core';
import { augmentationRules } from '@espalier/datasets';
import { count, normalization, seeds, trainingRules, transform } from '../training/option-rules.js';
import type { FullFinetuneOptions } from './finetune-options.js';

const { boolean, having, number, optional } = rules;

/** A rule for every option of `fullFinetune`. */
export const finetuneRules: OptionRules<FullFinetuneOptions> = {
  ...trainingRules,
  seeds: optional(seeds),
  learningRate: optional(number({ above: 0 })),
  featureLayer: optional(rules.text),
  head: optional(rules.oneOf('find', 'none')),
  batchSize: optional(count),
  normalize: optional(normalization),
  trainTransform: optional(transform),
  testTransform: optional(transform),
  augment: optional(rules.object(augmentationRules)),
  allowDense: optional(boolean),
  store: optional(having('a store with load and save, such as fileRunStore makes', 'load', 'save')),
  saveEvery: optional(count),
  onEvent: optional(rules.function),
  onWarning: optional(rules.function),
  signal: optional(rules.signal),
};
