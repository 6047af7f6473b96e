import type { LayerView } from '@espalier/core';

/** Numbers of a layer's active entries, all in the order of `entries`. */
export interface EntryVectors {
  /** Row-major indices of the active entries. */
  readonly entries: Uint32Array;
  /** [F⁻¹]ᵢᵢ, all > 0. */
  readonly diagonal: Float64Array;
  /** What is to be multiplied by F⁻¹; afterwards the product. */
  readonly vector: Float64Array;
}

/**
 * `|w| / √[F⁻¹]_qq` on active entries and −1 on masked ones: the square root of twice the loss increase
 * `ρ = w² / (2 [F⁻¹]_qq)`, which ranks alike, does not underflow in float32, and is a magnitude to `lamp`.
 */
export function saliency({ weights }: Pick<LayerView, 'weights'>, { entries, diagonal }: EntryVectors): Float32Array {
  const scores = new Float32Array(weights.length).fill(-1);
  entries.forEach((entry, i) => {
    scores[entry] = Math.abs(weights[entry] ?? 0) / Math.sqrt(diagonal[i] ?? 1);
  });
  return scores;
}

/** Sets the vector to `Σ_q (w_q / [F⁻¹]_qq) e_q` over the active entries q that `next` drops. */
export function requestShift(
  { weights }: Pick<LayerView, 'weights'>,
  next: Uint8Array,
  { entries, diagonal, vector }: EntryVectors,
): void {
  entries.forEach((entry, i) => {
    vector[i] = next[entry] ? 0 : (weights[entry] ?? 0) / (diagonal[i] ?? 1);
  });
}

/**
 * Weights after the active entries that `next` drops are removed: the survivors move by `−scale · vector`, the vector
 * being `F⁻¹ Σ_q (w_q / [F⁻¹]_qq) e_q`, the sum of the optimal shifts for each removal alone.
 */
export function compensate(
  { weights }: Pick<LayerView, 'weights'>,
  next: Uint8Array,
  { entries, vector }: EntryVectors,
  scale: number,
): Float32Array {
  const kept = weights.map((w, i) => (next[i] ? w : 0));
  if (scale === 0) return kept;
  entries.forEach((entry, i) => {
    if (next[entry]) kept[entry] = (weights[entry] ?? 0) - scale * (vector[i] ?? 0);
  });
  return kept;
}
