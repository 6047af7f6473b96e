import { InvalidOptionError, ShapeMismatchError } from '../errors/option-errors.js';
import type { LayerView } from '../method/layer.js';

/** Refuses what a criterion cannot score: weights and mask of the wrong type, or of different lengths. */
export function requireScorable(layer: Pick<LayerView, 'weights' | 'mask'>): void {
  if (typeof layer !== 'object' || layer === null) throw new InvalidOptionError('layer', layer, 'a layer');
  const { weights, mask } = layer;
  if (!(weights instanceof Float32Array)) throw new InvalidOptionError('layer.weights', weights, 'a Float32Array');
  if (!(mask instanceof Uint8Array)) throw new InvalidOptionError('layer.mask', mask, 'a Uint8Array of 0 and 1');
}

/** The gradient of a layer, which is there only if the step's plan asked for it. */
export function requireGradient(name: string, size: number, gradient: unknown): Float32Array {
  if (!(gradient instanceof Float32Array)) {
    const expected =
      "a Float32Array: a view has gradients only after a step whose plan was { observe: { kind: 'gradients' } }";
    throw new InvalidOptionError(`gradient of "${name}"`, gradient, expected);
  }
  if (gradient.length !== size) throw new ShapeMismatchError(`gradient of "${name}"`, [gradient.length], [size]);
  return gradient;
}
