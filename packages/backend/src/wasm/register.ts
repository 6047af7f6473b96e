import { backend, getBackend } from '@tensorflow/tfjs-core';
import { replaceLimitGradients } from '../activations/limit-gradient.js';
import { replaceReluGradient } from '../activations/relu-gradient.js';
import { replaceSmoothGradients } from '../activations/smooth-gradients.js';
import { replaceGivenStatisticsGradient } from '../batch-norm/given-statistics.js';
import { fuseInstalledLayers } from '../fuse-installed-layers.js';
import { replaceMeanGradient } from '../mean/mean-gradient.js';
import { replaceCumsumGradient } from './cumsum-gradient.js';
import { guardKernels } from './guard-kernels.js';
import { batchNormGradient, batchNormTraining, fusedBatchNorm } from './kernels/batch-norm.js';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution.js';
import { conv3DBackpropFilter, conv3DBackpropInput } from './kernels/convolution-3d.js';
import { cumprod, cumsum } from './kernels/cumulative.js';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/depthwise.js';
import { depthwiseConv2D, fusedDepthwiseConv2D } from './kernels/depthwise-forward.js';
import { dilation2D, dilation2DBackpropFilter, dilation2DBackpropInput } from './kernels/dilation.js';
import { einsum } from './kernels/einsum.js';
import { emptyReductions } from './kernels/empty-reductions.js';
import { identity } from './kernels/identity.js';
import { type Kernel, replaceKernel } from './kernels/kernel.js';
import { boundedRelu, limitGradient, reluGradient } from './kernels/limit-gradients.js';
import { clipByValue, maximum, minimum, prelu, relu, relu6 } from './kernels/limits.js';
import { batchMatMul, fusedMatMul } from './kernels/matmul.js';
import { mean, meanGradient } from './kernels/mean.js';
import { oneHot } from './kernels/one-hot.js';
import { avgPoolGrad, maxPoolGrad } from './kernels/pool.js';
import { avgPool, maxPool, maxPool3D, maxPool3DGrad } from './kernels/pool-forward.js';
import { refusals } from './kernels/refusals.js';
import { resizeNearestNeighborGrad } from './kernels/resize-gradient.js';
import { reverse } from './kernels/reverse.js';
import { unsortedSegmentSum } from './kernels/segment-sum.js';
import { slice } from './kernels/slice.js';
import { smoothGradients } from './kernels/smooth-gradients.js';
import { splitV } from './kernels/split.js';
import { stridedSlice } from './kernels/strided-slice.js';
import { sum } from './kernels/sum.js';
import { cast, floatQuestions } from './kernels/types.js';
import { compileKernels, prepareBackend } from './module/kernel-module.js';
import type { WasmBackend } from './wasm-backend.js';

/** Every kernel that this package registers on the wasm backend. */
export const trainingKernels: readonly Kernel[] = [
  conv2D,
  fusedConv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  conv3DBackpropFilter,
  conv3DBackpropInput,
  cumsum,
  cumprod,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  unsortedSegmentSum,
  batchNormTraining,
  batchNormGradient,
  fusedBatchNorm,
  boundedRelu,
  limitGradient,
  reluGradient,
  maxPoolGrad,
  avgPoolGrad,
  batchMatMul,
  fusedMatMul,
  sum,
  slice,
  identity,
  dilation2D,
  dilation2DBackpropInput,
  dilation2DBackpropFilter,
  einsum,
  ...emptyReductions,
  ...smoothGradients,
  mean,
  meanGradient,
  splitV,
  depthwiseConv2D,
  fusedDepthwiseConv2D,
  oneHot,
  maxPool,
  avgPool,
  clipByValue,
  relu,
  relu6,
  maximum,
  minimum,
  prelu,
  maxPool3D,
  maxPool3DGrad,
  resizeNearestNeighborGrad,
  reverse,
  stridedSlice,
  cast,
  ...floatQuestions,
  ...refusals,
];

const registered = new Set<string>();

/**
 * Registers on tfjs-backend-wasm the kernels that training needs, and makes batch normalization, limited ReLUs and
 * swish of tfjs-layers run as one operation each.
 *
 * | kernel | TensorFlow.js 4.22 on wasm | here |
 * | --- | --- | --- |
 * | `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter`, `DepthwiseConv2dNativeBackpropInput`, `UnsortedSegmentSum` | missing: convolutions and embeddings cannot train | added |
 * | `Conv2DBackpropInput` | a naive loop | the forward loop over flipped taps; with a stride, one convolution per phase |
 * | `Conv2D`, `FusedConv2D` | XNNPACK; zeros where a stride steps over the filter | the same tile as the gradients, 1.1 to 1.4 times as fast |
 * | `BatchMatMul`, `_FusedMatMul` | plain loops when an operand is transposed, as in every gradient | the same tile, 4 to 50 times as fast |
 * | `Sum` over leading axes, `Slice`, `MaxPoolGrad`, `AvgPoolGrad`, `Identity` | transposes or copies first | one pass; `Identity` shares |
 * | batch normalization in training | about fifteen operations; `Tile` alone is half a step of ResNet-20 | two kernels ({@link installFusedBatchNorm}) |
 * | batch normalization by given statistics, in inference and where it is frozen | one number at a time; four operations backward, with `Tile` | four at a time; one kernel backward |
 * | gradients of ReLU, ReLU6, `clipByValue`, leaky ReLU, sigmoid and `mean` | three to five operations | one |
 * | layer `ReLU` with `maxValue`, activation `relu6` | a ReLU that is clipped afterwards, six operations backward | one each way |
 * | activation `swish` | three operations, eight backward | two, one backward |
 * | `Sum` and `Mean` over inner axes, `SplitV`, `Cast` to the same type | transpose or copy first | one pass; `Cast` shares |
 * | `DepthwiseConv2dNative` | XNNPACK; loses NaN | sixteen channels at a time, like its gradients |
 *
 * The kernels are a WebAssembly SIMD module (source in `assembly/`) that works in place on TensorFlow.js' memory. Where
 * the engine has relaxed SIMD (Node 22 and Chrome 114 on; Node 20 with `--experimental-wasm-relaxed-simd`), products
 * multiply and add in one instruction; {@link describeBackend} says so. They call no ops, make no tensors but their
 * outputs, and use scratch space that is freed before they return.
 * What they do not cover they leave to TensorFlow.js' own kernel: other activations than linear and ReLU, data that is
 * not float32, broadcast matrix products, channels first, and forward passes of fewer than 32 rows or pixels, where
 * packing would cost more than it saves.
 *
 * Numerics: float32 with sums in another order than TensorFlow.js' `cpu` backend, which accumulates in float64; results
 * agree to 1e-5 of the largest value. Sums over rows and batch statistics are added up in float64 between bands of 512
 * rows. The same call gives the same bits in every run on the same engine; with relaxed SIMD other bits than without.
 *
 * Limits: one thread. TensorFlow.js' threaded wasm build, which browsers load on cross-origin isolated pages, hides its
 * memory; turn it off with `tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)` before the backend starts.
 *
 * Call it once the wasm backend is set; {@link useBackend} does so by itself. Further calls do nothing.
 *
 * @returns A promise that is done when everything is in place.
 * @throws {@link WasmKernelsError} if the engine has no SIMD, or the memory of TensorFlow.js cannot be reached.
 *
 * @example Prepare a wasm backend that was set by hand.
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm';
 * import { registerWasmTrainingKernels } from '@espalier/backend';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await tf.setBackend('wasm');
 * await registerWasmTrainingKernels();
 * ```
 */
export async function registerWasmTrainingKernels(): Promise<void> {
  await compileKernels();
  if (getBackend() === 'wasm') await prepareBackend(backend() as unknown as WasmBackend);
  for (const kernel of trainingKernels) {
    if (registered.has(kernel.name)) continue;
    replaceKernel(kernel);
    registered.add(kernel.name);
  }
  guardKernels();
  await fuseInstalledLayers();
  replaceReluGradient();
  replaceLimitGradients();
  replaceSmoothGradients();
  replaceMeanGradient();
  replaceGivenStatisticsGradient();
  replaceCumsumGradient();
}
