import { type OptionRules, rules } from '@espalier/core';
import { seedRule } from '../../option-rules.js';
import { obtainRules } from '../sets/obtain-options.js';
import type { TaskOptions } from './task.js';

export const taskRules: OptionRules<TaskOptions> = {
  ...obtainRules,
  split: rules.optional(rules.oneOf('official', 'salman2020')),
  fold: rules.optional(rules.integer({ from: 1, to: 10 })),
  splitSeed: rules.optional(seedRule),
  directory: rules.optional(rules.text),
  allowPartial: rules.optional(rules.boolean),
};
