export { registerNativeTrainingKernels } from './register.js';
