export { checkOptions } from './check-options.js';
export { nearestName } from './nearest-name.js';
export type { OptionRule, OptionRules } from './option-rule.js';
export { type NumberBounds, rules } from './rules.js';
