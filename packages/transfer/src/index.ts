/**
 * Transfers sparse checkpoints to new tasks, and evaluates studies of it. Runs in browsers; files are in
 * `@espalier/transfer/node`.
 *
 * @packageDocumentation
 */
export { hasClassifier } from './backbone/has-classifier.js';
export { type WithClassesOptions, withClasses } from './backbone/with-classes.js';
export {
  DenseCheckpointError,
  IncompleteStudyError,
  MasksChangedError,
  NoClassifierError,
  UndefinedChangeError,
} from './errors.js';
export type { FeatureCache, FeatureExtractor, Features } from './features/features.js';
export { type RuntimeExtractor, type RuntimeExtractorOptions, runtimeExtractor } from './features/runtime-extractor.js';
export { type TfjsExtractorOptions, tfjsExtractor } from './features/tfjs-extractor.js';
export type {
  FullFinetuneEvent,
  FullFinetuneOptions,
  FullFinetuneResult,
  FullFinetuneWarning,
} from './full/finetune-options.js';
export { fullFinetune } from './full/full-finetune.js';
export type { RunStore } from './full/run-store.js';
export { linearProbe } from './linear/linear-probe.js';
export type { LinearProbeEvent, LinearProbeOptions } from './linear/probe-options.js';
export { type Scores, scorePredictions } from './scores/scores.js';
export * from './study/index.js';
export type { TaskData, TaskMetric, TransferTask } from './task/task.js';
export {
  type EpochScore,
  type ScoreSpread,
  studyResults,
  type TransferResult,
  type TransferRun,
} from './training/result.js';
export type { TransferTrainingOptions } from './training/training-options.js';
