import type { LayerView } from '@espalier/core';
import type { LayerFisher } from './fisher/estimate.js';

/**
 * `|w| / √[F⁻¹]_qq` on active entries and −1 on masked ones: the square root of twice the loss increase
 * `ρ = w² / (2 [F⁻¹]_qq)`, which ranks alike, does not underflow in float32, and is a magnitude to `lamp`.
 */
export function saliency({ weights }: Pick<LayerView, 'weights'>, { entries, diagonal }: LayerFisher): Float32Array {
  const scores = new Float32Array(weights.length).fill(-1);
  entries.forEach((entry, i) => {
    scores[entry] = Math.abs(weights[entry] ?? 0) / Math.sqrt(diagonal[i] ?? 1);
  });
  return scores;
}

/**
 * Weights after the active entries that `next` drops are removed: the survivors move by
 * `−scale · F⁻¹ Σ_q (w_q / [F⁻¹]_qq) e_q`, the sum of the optimal shifts for each removal alone.
 */
export function compensate(
  { weights }: Pick<LayerView, 'weights'>,
  next: Uint8Array,
  { entries, diagonal, multiply }: LayerFisher,
  scale: number,
): Float32Array {
  const kept = weights.map((w, i) => (next[i] ? w : 0));
  if (scale === 0) return kept;
  const shift = new Float64Array(entries.length);
  entries.forEach((entry, i) => {
    if (!next[entry]) shift[i] = (weights[entry] ?? 0) / (diagonal[i] ?? 1);
  });
  multiply(shift);
  entries.forEach((entry, i) => {
    if (next[entry]) kept[entry] = (weights[entry] ?? 0) - scale * (shift[i] ?? 0);
  });
  return kept;
}
