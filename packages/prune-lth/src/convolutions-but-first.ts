import { type LayerShape, requireLayers } from '@espalier/core';

/**
 * The layers that LTH-T prunes: kernels of two-dimensional convolutions, without the first one.
 *
 * A kernel counts as one if its shape has four dimensions, so transposed convolutions are among them, and depthwise
 * ones if the session was told to include them; "first" goes by the order of the list. Dense layers are left out.
 *
 * Source: Chen et al. 2021 and the authors' code, `pruning_utils.py`: every `Conv2d` but `conv1`.
 *
 * @param layers - All prunable layers, in the model's order, the first convolution included.
 * @returns Those to prune, in the same order; empty if there are fewer than two convolutions.
 *
 * @example
 * ```ts
 * import { convolutionsButFirst } from '@espalier/prune-lth';
 *
 * const layers = [
 *   { name: 'conv1/kernel', shape: [3, 3, 3, 8], size: 216 },
 *   { name: 'conv2/kernel', shape: [3, 3, 8, 8], size: 576 },
 *   { name: 'head/kernel', shape: [8, 10], size: 80 },
 * ];
 * convolutionsButFirst(layers).map(layer => layer.name); // ['conv2/kernel']
 * ```
 */
export function convolutionsButFirst<Layer extends LayerShape>(layers: readonly Layer[]): Layer[] {
  requireLayers(layers);
  return layers.filter(({ shape }) => shape.length === 4).slice(1);
}
