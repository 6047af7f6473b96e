/** What batch normalization needs at inference; gamma is 1 and beta 0 where the layer has none. */
export interface BatchStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly epsilon: number;
  readonly gamma?: Float32Array;
  readonly beta?: Float32Array;
}

/**
 * Batch normalization at inference as `x * scale + offset`: `scale = gamma / sqrt(variance + epsilon)` and
 * `offset = beta - mean * scale`, computed in double precision and rounded once.
 */
export function affineOf({ mean, variance, epsilon, gamma, beta }: BatchStatistics): {
  scale: Float32Array;
  offset: Float32Array;
} {
  const scale = new Float32Array(mean.length);
  const offset = new Float32Array(mean.length);
  for (const [channel, average] of mean.entries()) {
    const factor = (gamma?.[channel] ?? 1) / Math.sqrt((variance[channel] ?? 0) + epsilon);
    scale[channel] = factor;
    offset[channel] = (beta?.[channel] ?? 0) - average * factor;
  }
  return { scale, offset };
}
