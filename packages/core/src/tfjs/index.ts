/**
 * Runs pruning methods inside TensorFlow.js training: the session, its masked optimizer, and weights by stable name.
 *
 * @packageDocumentation
 */
export { applyMasks } from './apply-masks.js';
export { modelFromTopology } from './building/model-from-topology.js';
export type { WeightShape } from './building/stored-weights.js';
export { disposeOptimizer } from './dispose-optimizer.js';
export { DuplicateWeightError, InvalidModelError, OptimizerNotUsedError, SessionDisposedError } from './errors.js';
export {
  batchNormalizations,
  type FoundBatchNormalization,
  keepFrozenStatistics,
} from './keep-frozen-statistics.js';
export { loadWeights } from './load-weights.js';
export { type LossGradients, MaskedOptimizer } from './masked-optimizer.js';
export type { AnyCallback, CallbackInstance, FitCallbacks } from './mixed-callbacks.js';
export { modelNormalization, setModelNormalization } from './model-normalization.js';
export type { DenseReason, ModelWeight, WeightRole } from './model-weight.js';
export { modelWeights, prunableWeights } from './model-weights.js';
export { type DenseWeight, NoPrunableWeightsError } from './no-prunable-weights-error.js';
export { type PruneOnceOptions, pruneOnce } from './prune-once.js';
export { requireModel } from './require-model.js';
export type { CheckpointOptions } from './save-session.js';
export { PruningSession } from './session.js';
export type { SessionCallback } from './session-callback.js';
export type { DecisionEvent, SessionOptions } from './session-options.js';
export type { SessionWarning } from './session-warning.js';
export { tensorOperations } from './tensor-operations.js';
export { toModel } from './to-model.js';
export type { WeightDecay } from './weight-decay.js';
export type { WeightSelection, WeightSelector } from './weight-selector.js';
export { type VariablesOptions, weightsOf } from './weights-of.js';
