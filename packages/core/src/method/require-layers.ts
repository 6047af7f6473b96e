import { InvalidOptionError } from '../errors/option-errors.js';
import { rules } from '../options/rules.js';
import type { LayerShape } from './layer.js';

const dimension = rules.integer({ from: 0 });

/**
 * Refuses what are no prunable layers, in functions that take them without an options object.
 *
 * @param layers - What was given; every entry needs a name, a shape and a size.
 * @throws {@link InvalidOptionError} naming what is wrong, e.g. `layers[0].shape`.
 *
 * @example
 * ```ts
 * import { requireLayers } from '@espalier/core';
 *
 * requireLayers([{ name: 'head/kernel', shape: [4, 2], size: 8 }]); // returns
 * ```
 */
export function requireLayers(layers: unknown): asserts layers is readonly LayerShape[] {
  if (!Array.isArray(layers)) throw new InvalidOptionError('layers', layers, 'an array of layers');
  for (const [i, layer] of layers.entries()) {
    const at = `layers[${i}]`;
    if (typeof layer !== 'object' || layer === null) {
      throw new InvalidOptionError(at, layer, 'a layer with a name, a shape and a size');
    }
    const { name, shape, size } = layer as { readonly [key: string]: unknown };
    if (typeof name !== 'string') throw new InvalidOptionError(`${at}.name`, name, 'a text');
    rules.list(dimension)(`${at}.shape`, shape as never);
    dimension(`${at}.size`, size as never);
  }
}
