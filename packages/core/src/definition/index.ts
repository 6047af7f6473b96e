export { completeOptions, type DefinedRun, defineRun } from './define-run.js';
export { fixedDefinition } from './fixed-definition.js';
export {
  type MethodDefinition,
  type MethodPlan,
  type OptionNote,
  type Planner,
  requireDefinition,
} from './method-definition.js';
export type { TrainingRun } from './training-run.js';
