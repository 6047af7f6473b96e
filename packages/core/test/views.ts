import type { LayerView, StepView } from '../src/index.js';

/** A layer as a method sees it: a vector without a shape, and all active without a mask. */
export function layer(
  name: string,
  weights: ArrayLike<number>,
  mask: ArrayLike<number> = new Uint8Array(weights.length).fill(1),
  shape: readonly number[] = [weights.length],
): LayerView {
  return { name, shape, size: weights.length, weights: Float32Array.from(weights), mask: Uint8Array.from(mask) };
}

/** What a method that draws no random numbers is shown after the step at a position, of the first round if none is given. */
export function at(place: number | { position: number; round: number }, ...layers: LayerView[]): StepView {
  const { position, round } = typeof place === 'number' ? { position: place, round: 0 } : place;
  const random = () => () => {
    throw new Error('the method draws no random numbers');
  };
  return { clock: { step: position, position, round }, layers, random };
}
