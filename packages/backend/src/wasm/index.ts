export { type HasLayers, installFusedBatchNorm } from '../batch-norm/install.js';
export { WasmKernelsError } from './errors.js';
export { registerWasmTrainingKernels } from './register.js';
