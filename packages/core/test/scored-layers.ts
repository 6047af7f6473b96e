import type { ScoredLayer } from '../src/index.js';

/** A vector with these scores. */
export const scored = (name: string, ...scores: number[]): ScoredLayer => ({
  name,
  shape: [scores.length],
  size: scores.length,
  scores: Float32Array.from(scores),
});

/** A layer of a shape whose scores are all 0. */
export const shaped = (name: string, ...shape: number[]): ScoredLayer => {
  const size = shape.reduce((product, side) => product * side, 1);
  return { name, shape, size, scores: new Float32Array(size) };
};
