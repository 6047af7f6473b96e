import { type KernelFunc, registerKernel } from '@tensorflow/tfjs-core';
import { RELU_GRADIENT, replaceReluGradient } from '../activations/relu-gradient.js';
import { BATCH_NORM_GRADIENT, BATCH_NORM_TRAINING } from '../batch-norm/kernel-names.js';
import { fuseInstalledLayers } from '../fuse-installed-layers.js';
import { batchNormGradient, batchNormTraining } from './batch-norm.js';
import { reluGradient } from './relu-gradient.js';

const kernels: Readonly<Record<string, KernelFunc>> = {
  [BATCH_NORM_TRAINING]: batchNormTraining,
  [BATCH_NORM_GRADIENT]: batchNormGradient,
  [RELU_GRADIENT]: reluGradient,
};

let registered = false;

/**
 * Gives native TensorFlow the fused training kernels that tfjs-node leaves unused.
 *
 * tfjs-node runs the gradients of tfjs-layers' batch normalization and of ReLU as chains of operations. This registers
 * kernels on the `tensorflow` backend that run TensorFlow's own `FusedBatchNormV3`, `FusedBatchNormGradV3` and
 * `ReluGrad`, and makes the installed tfjs-layers use them ({@link installFusedBatchNorm}). Results agree to rounding;
 * the moving averages keep tfjs' biased variance. cuDNN needs an epsilon of at least 1e-5.
 *
 * Call it after tfjs-node is loaded. Further calls do nothing.
 *
 * @returns A promise that is done when the layers are fused.
 *
 * @example Prepare tfjs-node that was loaded by hand.
 * ```ts
 * import { registerNativeTrainingKernels } from '@espalier/backend';
 *
 * await registerNativeTrainingKernels();
 * ```
 */
export async function registerNativeTrainingKernels(): Promise<void> {
  if (registered) return;
  registered = true;
  for (const [kernelName, kernelFunc] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
  await fuseInstalledLayers();
  replaceReluGradient();
}
