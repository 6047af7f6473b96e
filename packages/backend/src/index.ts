/**
 * Picks a TensorFlow.js backend, prepares it for training, and describes it.
 *
 * @packageDocumentation
 */
export { describeBackend } from './describe-backend.js';
export {
  BackendError,
  BackendUnavailableError,
  InvalidOptionError,
  NoBackendError,
  UnknownBackendError,
} from './errors.js';
export { registerNativeTrainingKernels } from './native/index.js';
export type {
  AdapterDescription,
  BackendDescription,
  BackendName,
  BackendOptions,
  PassedOver,
  RuntimeDescription,
} from './types.js';
export { useBackend } from './use-backend.js';
export { type HasLayers, installFusedBatchNorm, registerWasmTrainingKernels, WasmKernelsError } from './wasm/index.js';
