import { fuseBoundedRelu } from './activations/bounded-relu.js';
import { installFusedBatchNorm } from './batch-norm/install.js';

/**
 * Fuses batch normalization and limited ReLUs in the installed tfjs-layers; without that package there is nothing to
 * fuse.
 */
export async function fuseInstalledLayers(): Promise<void> {
  const installed = await import('@tensorflow/tfjs-layers').catch(() => undefined);
  if (installed === undefined) return;
  // A name of its own keeps the numbering of automatic layer names as it is.
  installFusedBatchNorm({ layers: [installed.layers.batchNormalization({ name: 'espalier' })] });
  fuseBoundedRelu(installed.layers.reLU({ name: 'espalier' }));
}
