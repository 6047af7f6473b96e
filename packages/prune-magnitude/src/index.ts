/**
 * Magnitude pruning: the entries with the smallest absolute value are masked, gradually ({@link magnitude}), all at
 * once ({@link oneShotMagnitude}), or in phases of pruning and retraining ({@link iterativeMagnitude}).
 *
 * @packageDocumentation
 */
export { type BimpBudget, type BimpBudgetOptions, bimpBudget } from './bimp-budget.js';
export { definitions } from './definitions.js';
export { iterativeMagnitude } from './iterative.js';
export type { IterativeMagnitudeOptions } from './iterative-options.js';
export { type MagnitudeOptions, magnitude } from './magnitude.js';
export { type OneShotMagnitudeOptions, oneShotMagnitude } from './one-shot.js';
export type { RetrainSteps } from './phases.js';
export { adaptiveLinearRestart } from './retraining/adaptive-linear-restart.js';
export { cyclicRestart } from './retraining/cyclic-restart.js';
export type { DenseTraining } from './retraining/dense-training.js';
export { fineTuning } from './retraining/fine-tuning.js';
export { learningRateRewinding } from './retraining/learning-rate-rewinding.js';
export { linearRestart } from './retraining/linear-restart.js';
export type { RetrainingPhase, RetrainingSchedule } from './retraining/retraining-schedule.js';
export { scaledRestart } from './retraining/scaled-restart.js';
