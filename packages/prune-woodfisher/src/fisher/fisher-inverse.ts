import type { BlockLayout } from './block-layout.js';

/**
 * The inverse of one layer's block-diagonal empirical Fisher matrix `F = λI + (1/N) Σ g gᵀ`.
 *
 * Vectors hold the active entries alone, in the order of the layout. Use: `add` N times, `invert` once, then `multiply`.
 */
export interface FisherInverse {
  /** Adds one gradient, dense and row-major over the layer. The array may be reused afterwards. */
  add(gradient: Float32Array): void;
  /** Ends the stream. Returns the diagonal of F⁻¹, or undefined if F is not positive definite in float64. */
  invert(): Float64Array | undefined;
  /** Replaces `vector` by `F⁻¹ vector`. */
  multiply(vector: Float64Array): void;
}

/** What a Fisher inverse is made from. */
export interface FisherShape {
  readonly layout: BlockLayout;
  /** N, the number of gradients that will be added. */
  readonly count: number;
  /** λ > 0. */
  readonly damping: number;
}
