import type { TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { windowOf } from '../../kernels/convolution/spec.js';
import type { ConvolutionSpec } from '../../kernels/index.js';
import { isPointwise } from '../../kernels/window/window.js';
import type { ProductVariant } from './pack-products.js';

/** Ways to partition the forward product, or the gradient with respect to the input, that are worth timing. */
export function forwardVariants(spec: ConvolutionSpec, input: TileTensor, output: TileTensor): ProductVariant[] {
  if (isPointwise(windowOf(spec))) {
    return chunksOf([input.channels, 256, 128], input.channels).flatMap(chunk =>
      [1, 4].map(tiles => ({ chunk, tiles })),
    );
  }
  const tiles = output.width % output.lanes === 0 ? [2, 4] : [tileCount(output), 2];
  return chunksOf([64, 32, 16, input.channels], input.channels).flatMap(chunk =>
    [...new Set(tiles.map(count => Math.min(8, count)))].map(count => ({ chunk, tiles: count })),
  );
}

/** The same for the gradient with respect to the weights: small chunks keep its sums near. */
export function filterGradientVariants(spec: ConvolutionSpec, input: TileTensor, output: TileTensor): ProductVariant[] {
  const total = tileCount(output);
  const pointwise = isPointwise(windowOf(spec));
  const sizes = pointwise ? [input.channels, 256, 64] : [64, 32, 16, 8];
  const tiles = pointwise ? [1, 4, 28] : output.width % output.lanes === 0 ? [2, 4] : [Math.min(8, total), 2];
  return chunksOf(sizes, input.channels).flatMap(chunk => [...new Set(tiles)].map(count => ({ chunk, tiles: count })));
}

function chunksOf(sizes: readonly number[], channels: number): number[] {
  return [...new Set(sizes.map(size => Math.min(size, channels)))];
}
