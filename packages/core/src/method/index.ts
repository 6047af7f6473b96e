export type { Clock } from './clock.js';
export type { Decision, Rewind } from './decision.js';
export { type FixedOptions, fixed } from './fixed.js';
export type { GradientSum } from './gradient-sum.js';
export type { Json } from './json.js';
export type { LayerAxes, LayerKind, LayerShape, LayerView } from './layer.js';
export type { PruningMethod, SparsityTarget } from './pruning-method.js';
export type {
  Reparameterization,
  ReparameterizationGradients,
  ReparameterizationInputs,
  ReparameterizationParameter,
} from './reparameterization.js';
export { requireLayers } from './require-layers.js';
export type { MethodState, StateArray } from './state.js';
export type { Observation, ObservedState, StepPlan, StepView } from './step.js';
export type { TensorOperations } from './tensor-operations.js';
