import { visibleText } from '@espalier/core';
import type { Prediction, ScoreKind } from './probabilities.js';

/** What a network makes of one image. */
export interface ImagePrediction {
  readonly path: string;
  readonly predictions: readonly Prediction[];
}

/** Longest name of a class in a line for people. */
const LONGEST_NAME = 60;

/** A line for each image, the likeliest class first. */
export function predictionLines(images: readonly ImagePrediction[], of: ScoreKind): string[] {
  const shown = (value: number): string =>
    of === 'probabilities' ? `${(100 * value).toFixed(2)} %` : value.toPrecision(4);
  return images.map(({ path, predictions }) => {
    const told = predictions.map(({ name, value }) => `${visibleText(name, LONGEST_NAME)} ${shown(value)}`);
    return `${path}: ${told.join(', ')}`;
  });
}
