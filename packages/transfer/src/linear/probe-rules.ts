import { type OptionRules, rules } from '@espalier/core';
import { count, normalization, seeds, trainingRules, transform } from '../training/option-rules.js';
import type { LinearProbeOptions } from './probe-options.js';

const { having, number, optional } = rules;

/** A rule for every option of `linearProbe`. */
export const probeRules: OptionRules<LinearProbeOptions> = {
  ...trainingRules,
  seeds: optional(seeds),
  learningRate: optional(number({ above: 0 })),
  featureLayer: optional(rules.text),
  head: optional(rules.oneOf('find', 'none')),
  batchSize: optional(count),
  normalize: optional(normalization),
  transform: optional(transform),
  extractionBatchSize: optional(count),
  cache: optional(having('a cache with read and write, such as fileFeatureCache makes', 'read', 'write')),
  onEvent: optional(rules.function),
  signal: optional(rules.signal),
};
