export { crop, depthToSpace, permute, upsample } from './arrange.js';
export { type BinaryOperation, binary, prelu } from './binary.js';
export { checkWideKernels } from './check-wide.js';
export {
  convolution,
  type ImageBatch,
  type PackedConvolution,
  packConvolution,
} from './convolution/convolution.js';
export type { PackedChunk } from './convolution/pack-weights.js';
export type { ConvolutionSpec, ConvolutionVariant } from './convolution/spec.js';
export { convolutionVariants } from './convolution/variants.js';
export { dense } from './dense.js';
export { depthwise } from './depthwise/depthwise.js';
export { suitsDepthwise } from './depthwise/suits.js';
export { activate, add, normalize } from './elementwise.js';
export { globalPool } from './global-pool.js';
export { flatten, fromNchw, fromNhwc, spread, unflatten, zeroPad } from './layout.js';
export { pool } from './pool.js';
export { softmax } from './softmax.js';
export { type FilterGradient, filterGradient, type GradientRange } from './training/filter-gradient.js';
export { refreshWeights } from './training/refresh-weights.js';
export { transposed } from './training/transposed.js';
export { suitsWinograd } from './winograd/suits.js';
export { winograd } from './winograd/winograd.js';
