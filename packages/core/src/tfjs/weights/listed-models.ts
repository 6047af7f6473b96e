import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelWeight } from './model-weight.js';

/** The model whose weights were listed last, by each of its variables. */
const models = new WeakMap<Variable, LayersModel>();

/** Remembers whose weights these are, for {@link modelsOf}. */
export function rememberModel(model: LayersModel, weights: readonly ModelWeight[]): void {
  for (const { variable } of weights) models.set(variable, model);
}

/** The models that weights were listed of, as far as they are known. */
export function modelsOf(weights: readonly ModelWeight[]): LayersModel[] {
  return [...new Set(weights.flatMap(({ variable }) => models.get(variable) ?? []))];
}
