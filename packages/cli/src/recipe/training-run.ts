import type { ScheduleData, TrainingRun } from '@espalier/core';
import type { Recipe } from './recipe.js';

/** Sparsity that is meant where nobody says one. */
const USUAL_SPARSITY = 0.9;

/** What a recipe says about the run that the options of its method are scaled to. */
export function trainingRunOf(
  { steps, from, learningRate, warmUp }: Pick<Recipe, 'steps' | 'from' | 'learningRate' | 'warmUp'>,
  stepsPerEpoch: number,
): TrainingRun {
  return {
    steps: Math.max(1, steps),
    stepsPerEpoch: Math.max(1, stepsPerEpoch),
    sparsity: USUAL_SPARSITY,
    trained: from !== null,
    rateOver: positions => rateOver({ learningRate, warmUp, steps }, positions),
  };
}

/**
 * A rise over the warm-up and half a cosine wave to 0; a training that is shorter than the run rises for less. A
 * schedule holds as it is written, whatever the length.
 */
export function rateOver(
  { learningRate, warmUp, steps }: Pick<Recipe, 'learningRate' | 'warmUp' | 'steps'>,
  positions: number,
): ScheduleData {
  if (typeof learningRate === 'object') return warmUp === 0 ? learningRate : { ...learningRate, warmUp };
  const rise = positions < steps ? Math.min(warmUp, Math.floor(positions / 10)) : warmUp;
  return { shape: 'cosine', from: learningRate, start: Math.min(rise, positions), end: positions, warmUp: rise };
}
