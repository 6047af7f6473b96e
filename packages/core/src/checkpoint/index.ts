export {
  type CheckpointBytes,
  type CheckpointSparsity,
  checkpointBytes,
  checkpointSparsity,
  type LayerSparsity,
} from './accounting.js';
export type {
  Checkpoint,
  Snapshot,
  StoredOptimizer,
  StoredSlot,
  StoredSum,
  StoredTensor,
  StoredWeight,
} from './checkpoint.js';
export { decodeCheckpoint } from './decode.js';
export { type DenseExportOptions, denseSafetensors } from './dense/dense-safetensors.js';
export { encodeCheckpoint } from './encode.js';
export type { CheckpointLimits } from './limits.js';
export type { StoredParameter, StoredReparameterization } from './reparameterization/stored-reparameterization.js';
export { requireCheckpoint } from './require-checkpoint.js';
export type { SafetensorsDtype } from './safetensors/dtype.js';
export { type ForeignFormat, foreignFormat } from './safetensors/foreign-format.js';
export type { SafetensorsLimits } from './safetensors/limits.js';
export { readSafetensors } from './safetensors/read-safetensors.js';
export type { SafetensorsFile, SafetensorsTensor } from './safetensors/tensor.js';
export { float32Tensor, float32Values, type SafetensorsValues, typedValues } from './safetensors/values.js';
export { writeSafetensors } from './safetensors/write-safetensors.js';
export { type StripOptions, stripCheckpoint } from './strip.js';
export { packMask, unpackMask } from './tensors/packed-mask.js';
