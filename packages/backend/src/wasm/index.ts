export { type HasLayers, installFusedBatchNorm } from '../batch-norm/install.js';
export { registerWasmTrainingKernels } from './register.js';
