export type { Command, Engine, Heap, Kernel, TileTensor } from './engine.js';
export { createHeap, type HeapOptions } from './heap.js';
export { compileKernels, type EngineOptions, loadEngine } from './load.js';
export { detectInstructions, supports } from './module.js';
export { kernelNamed, runCommand } from './run-command.js';
export {
  allocateTensor,
  allocateVector,
  channelView,
  type ImageShape,
  tensorAt,
  tensorBytes,
  tileCount,
  vectorAt,
} from './tensor.js';
