/**
 * A training loop over a pruning session: data by position, evaluation, batch-norm recalibration, checkpoints and exact
 * resume. Runs in browsers; checkpoint files are in `@espalier/trainer/node`.
 *
 * @packageDocumentation
 */
export type { AnyBatch, Batch, Batches, BatchSource, Tensors } from './batch.js';
export type { DistillationOptions, FeatureDistillation } from './distillation/distillation-options.js';
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
export { type ExampleLossesOptions, exampleLosses } from './example-losses.js';
export {
  type Loss,
  type SigmoidCrossEntropyOptions,
  type SoftmaxCrossEntropyOptions,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from './loss.js';
export { balancedClassWeights } from './losses/balanced-class-weights.js';
export type { AnyLoss, JointLoss, OutputLosses, WeightedLoss } from './losses/losses.js';
export { meanSquaredError } from './losses/mean-squared-error.js';
export type { Metric, Metrics, OutputMetric } from './metric.js';
export { type ModelOutput, modelOutput } from './output/model-output.js';
export { type RecalibrationOptions, recalibrateBatchNorm } from './recalibrate-batch-norm.js';
export { type TrainResult, train } from './train/train.js';
export type { CheckpointOptions, EvaluationOptions, TrainOptions } from './train/train-options.js';
export { meanAbsoluteError, topK } from './usual-metrics.js';
