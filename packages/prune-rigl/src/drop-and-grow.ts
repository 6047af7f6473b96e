import { activeMagnitude, countOnes, keepTop, type LayerView } from '@espalier/core';

/**
 * Moves `moved` connections of a layer: the active entries with the smallest magnitude are dropped, then as many grow
 * where the score is largest among all that are not kept. Just-dropped entries compete too; one that wins was never
 * masked, so its weight and its slots stay. Ties go to the lower index.
 *
 * @param growth - One score per entry, above −1.
 */
export function dropAndGrow(layer: LayerView, moved: number, growth: Float32Array): Uint8Array {
  const kept = keepTop(activeMagnitude(layer), countOnes(layer.mask) - moved, layer.name);
  const grown = keepTop(
    growth.map((score, i) => (kept[i] ? -1 : score)),
    moved,
    layer.name,
  );
  return kept.map((bit, i) => (grown[i] ? 1 : bit));
}

/**
 * `|gradient|`. Where it is exactly 0 there is no reason to exchange a connection for another, so entries that are
 * active rank before masked ones.
 */
export function gradientGrowth({ size, mask, gradient = new Float32Array(size) }: LayerView): Float32Array {
  return gradient.map((value, i) => (value === 0 && !mask[i] ? -0.5 : Math.abs(value)));
}

/** `trunc(ones · fraction)` with the product in single precision, as in RigL's code. */
export function droppedCount(ones: number, fraction: number): number {
  return Math.min(ones, Math.trunc(Math.fround(ones * Math.fround(fraction))));
}
