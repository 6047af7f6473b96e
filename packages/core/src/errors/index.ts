export { CheckpointMismatchError, CorruptCheckpointError } from './checkpoint-errors.js';
export { EspalierError } from './espalier-error.js';
export {
  InfeasibleDistributionError,
  NonFiniteScoreError,
  SparsityNotReachedError,
  StructureMismatchError,
} from './method-errors.js';
export { InvalidOptionError, ShapeMismatchError, UnknownLayerError, UnknownOptionError } from './option-errors.js';
export {
  InvalidDecisionError,
  MissingExampleLossesError,
  StepNotSettledError,
  TrainableSetChangedError,
  UnsupportedOptimizerError,
} from './session-errors.js';
export {
  InvalidTopologyError,
  type TopologyClassKind,
  TopologyWeightsError,
  UnregisteredClassError,
  UnsupportedLayerOptionError,
} from './topology-errors.js';
