export { nearestName } from '../text/nearest-name.js';
export { checkOptions } from './check-options.js';
export { type DataForm, type DataReader, withDataForm } from './data-form.js';
export { epochsIn, epochsToSteps } from './epochs.js';
export type { JsonSchema } from './json-schema.js';
export { numberIn } from './number-in.js';
export type { CompleteOptions, OptionRule, OptionRules } from './option-rule.js';
export { type OptionData, optionsFromData, optionsSchema } from './options-data.js';
export { type NumberBounds, rules } from './rules.js';
