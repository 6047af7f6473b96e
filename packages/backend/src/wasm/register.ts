import { installFusedBatchNorm } from '../batch-norm/install.js';
import { replaceReluGradient } from '../relu/relu-gradient.js';
import { compileKernels } from './kernel-module.js';
import { batchNormGradient, batchNormTraining } from './kernels/batch-norm.js';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution.js';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/depthwise.js';
import { identity } from './kernels/identity.js';
import { type Kernel, replaceKernel } from './kernels/kernel.js';
import { batchMatMul, fusedMatMul } from './kernels/matmul.js';
import { avgPoolGrad, maxPoolGrad } from './kernels/pool.js';
import { reluGradient } from './kernels/relu-gradient.js';
import { unsortedSegmentSum } from './kernels/segment-sum.js';
import { sum } from './kernels/sum.js';

/** Every kernel that this package registers on the wasm backend. */
export const trainingKernels: readonly Kernel[] = [
  conv2D,
  fusedConv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  unsortedSegmentSum,
  batchNormTraining,
  batchNormGradient,
  reluGradient,
  maxPoolGrad,
  avgPoolGrad,
  batchMatMul,
  fusedMatMul,
  sum,
  identity,
];

const registered = new Set<string>();

/** Registers the kernels. */
export async function registerWasmTrainingKernels(): Promise<void> {
  await compileKernels();
  for (const kernel of trainingKernels) {
    if (registered.has(kernel.name)) continue;
    replaceKernel(kernel);
    registered.add(kernel.name);
  }
  replaceReluGradient();
  await fuseInstalledLayers();
}

/** Fuses batch normalisation in the installed tfjs-layers; without that package there is nothing to fuse. */
async function fuseInstalledLayers(): Promise<void> {
  const layers = await import('@tensorflow/tfjs-layers').catch(() => undefined);
  // A name of its own keeps the numbering of automatic layer names as it is.
  if (layers !== undefined) installFusedBatchNorm({ layers: [layers.layers.batchNormalization({ name: 'espalier' })] });
}
