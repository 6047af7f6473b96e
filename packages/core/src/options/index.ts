export { nearestName } from '../text/nearest-name.js';
export { checkOptions } from './check-options.js';
export type { CompleteOptions, OptionRule, OptionRules } from './option-rule.js';
export { type NumberBounds, rules } from './rules.js';
