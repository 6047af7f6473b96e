/**
 * Picks a TensorFlow.js backend, prepares it for training, and describes it.
 *
 * @packageDocumentation
 */
export { describeBackend } from './describe-backend.js';
export {
  BackendUnavailableError,
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
export {
  WasmCrashError,
  WasmKernelsError,
  WasmMemoryError,
  WasmUnsupportedError,
} from './wasm/errors.js';
export { type HasLayers, installFusedBatchNorm, registerWasmTrainingKernels } from './wasm/index.js';
