import {
  balancedClassWeights,
  type Loss,
  modelOutput,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
} from '@espalier/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunData } from '../data/run-data.js';
import { UsageError } from '../errors.js';
import type { Recipe } from '../recipe/recipe.js';

/** The loss that a recipe asks for; `undefined` for what the network itself asks for. */
export function runLoss(
  { labelSmoothing, classWeights }: Recipe,
  model: LayersModel,
  { name, classes, counts }: RunData,
): Loss | undefined {
  if (labelSmoothing === 0 && classWeights === undefined) return undefined;
  const weights = classWeights === 'balanced' ? balancedClassWeights(counts()) : classWeights;
  if (weights && weights.length !== classes.length) {
    throw new UsageError(`--class-weights has ${weights.length} numbers, but ${name} has ${classes.length} classes.`);
  }
  const options = { labelSmoothing, classWeights: weights };
  const binary = modelOutput(model).kind === 'sigmoid' && model.outputs[0]?.shape.at(-1) === 1;
  return binary ? sigmoidCrossEntropy(options) : softmaxCrossEntropy(options);
}
