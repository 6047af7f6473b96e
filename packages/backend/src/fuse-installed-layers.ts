import { fuseBoundedRelu, fuseRelu6Activation } from './activations/bounded-relu.js';
import { fuseSwish } from './activations/smooth-gradients.js';
import { installFusedBatchNorm } from './batch-norm/install.js';

/**
 * Fuses batch normalization, limited ReLUs and swish in the installed tfjs-layers; without that package there is
 * nothing to fuse.
 */
export async function fuseInstalledLayers(): Promise<void> {
  const installed = await import('@tensorflow/tfjs-layers').catch(() => undefined);
  if (installed === undefined) return;
  // A name of its own keeps the numbering of automatic layer names as it is.
  installFusedBatchNorm({ layers: [installed.layers.batchNormalization({ name: 'espalier' })] });
  fuseBoundedRelu(installed.layers.reLU({ name: 'espalier' }));
  const activation = (name: 'relu6' | 'swish'): object => {
    const layer = installed.layers.activation({ activation: name, name: 'espalier' });
    return (layer as unknown as { readonly activation: object }).activation;
  };
  fuseRelu6Activation(activation('relu6'));
  fuseSwish(activation('swish'));
}
