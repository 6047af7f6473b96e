/**
 * A training loop over a pruning session: data by position, evaluation, batch-norm recalibration, checkpoints and exact
 * resume. Runs in browsers; checkpoint files are in `@espalier/trainer/node`.
 *
 * @packageDocumentation
 */
export type { Batch, Batches, BatchSource } from './batch.js';
export {
  DivergedError,
  InvalidBatchError,
  NoAccuracyError,
  NoDefaultLossError,
  StepLimitError,
} from './errors.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.js';
export type {
  CheckpointEvent,
  DecisionReport,
  EndEvent,
  EvaluationEvent,
  StepEvent,
  TrainingEvent,
} from './events.js';
export { type Loss, type SoftmaxCrossEntropyOptions, sigmoidCrossEntropy, softmaxCrossEntropy } from './loss.js';
export type { Metric } from './metric.js';
export { type ModelOutput, modelOutput } from './output/model-output.js';
export { type RecalibrationOptions, recalibrateBatchNorm } from './recalibrate-batch-norm.js';
export { type TrainResult, train } from './train/train.js';
export type { CheckpointOptions, EvaluationOptions, TrainOptions } from './train/train-options.js';
