import type { LayerView } from '@espalier/core';
import { layer as layerOf } from '@espalier/core/testing';

/** A layer with dense raw weights beneath the masked ones. */
export function layer(name: string, raw: ArrayLike<number>, mask?: ArrayLike<number>): LayerView {
  return { ...layerOf(name, raw, { mask }), raw: Float32Array.from(raw) };
}
