/**
 * Runs pruning methods inside TensorFlow.js training: the session, its masked optimizer, and weights by stable name.
 *
 * @packageDocumentation
 */

export { modelFromTopology } from './building/model-from-topology.js';
export type { WeightShape } from './building/stored-weights.js';
export { toModel } from './building/to-model.js';
export { DuplicateWeightError, InvalidModelError, OptimizerNotUsedError, SessionDisposedError } from './errors.js';
export { modelNormalization, setModelNormalization } from './model/model-normalization.js';
export { requireModel } from './model/require-model.js';
export { applyMasks } from './one-shot/apply-masks.js';
export { type PruneOnceOptions, pruneOnce } from './one-shot/prune-once.js';
export { disposeOptimizer } from './optimizer/dispose-optimizer.js';
export { type LossGradients, MaskedOptimizer } from './optimizer/masked-optimizer.js';
export type { WeightDecay } from './optimizer/weight-decay.js';
export { tensorOperations } from './reparameterization/tensor-operations.js';
export { loadWeights } from './session/checkpoint/load-weights.js';
export type { CheckpointOptions } from './session/checkpoint/save-session.js';
export type { FitSession } from './session/fit/fit-session.js';
export {
  batchNormalizations,
  type FoundBatchNormalization,
  keepFrozenStatistics,
} from './session/fit/keep-frozen-statistics.js';
export type { AnyCallback, CallbackInstance, FitCallbacks } from './session/fit/mixed-callbacks.js';
export type { SessionCallback } from './session/fit/session-callback.js';
export { PruningSession } from './session/session.js';
export type { DecisionEvent, SessionOptions } from './session/session-options.js';
export type { SessionView } from './session/session-view.js';
export type { SessionWarning } from './session/session-warning.js';
export type { DenseReason, ModelWeight, WeightRole } from './weights/model-weight.js';
export { modelWeights, prunableWeights } from './weights/model-weights.js';
export { type DenseWeight, NoPrunableWeightsError } from './weights/no-prunable-weights-error.js';
export type { WeightSelection, WeightSelector } from './weights/weight-selector.js';
export { type VariablesOptions, weightsOf } from './weights/weights-of.js';
