import { InvalidOptionError, ShapeMismatchError } from '../errors/option-errors.js';
import { requireLayers } from '../method/require-layers.js';
import type { ScoredLayer } from './distribution.js';

/** Refuses what are no layers with a score per entry. */
export function requireScoredLayers(layers: unknown): asserts layers is readonly ScoredLayer[] {
  requireLayers(layers);
  for (const [i, layer] of layers.entries()) {
    const { name, size } = layer;
    const { scores } = layer as Partial<ScoredLayer>;
    if (!(scores instanceof Float32Array)) {
      throw new InvalidOptionError(`layers[${i}].scores`, scores, 'a Float32Array with a score per entry');
    }
    if (scores.length !== size) throw new ShapeMismatchError(`scores of "${name}"`, [scores.length], [size]);
  }
}
