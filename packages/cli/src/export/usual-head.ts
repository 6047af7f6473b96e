import type { Checkpoint } from '@espalier/core';
import { modelByName } from '@espalier/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { isBuiltIn } from '../network/is-built-in.js';

/**
 * Calls a new classifier like that of the built-in architecture whose place it took, so that other programs find it.
 * Only where the recipe names both, and the classifier reads as many features.
 *
 * @param model - Made for the export alone: its layer and weights are renamed.
 * @param metadata - Of the checkpoint.
 */
export function withUsualHead(model: LayersModel, { recipe }: Checkpoint['metadata']): void {
  const { architecture, model: made, newClassifier } = (recipe ?? {}) as { readonly [option: string]: unknown };
  const kernel = typeof newClassifier === 'string' ? newClassifier : '';
  const head = model.layers.find(({ name }) => kernel === `${name}/kernel`);
  const name = architecture ?? made;
  if (!head || typeof name !== 'string' || !isBuiltIn(name)) return;
  const reference = modelByName(name);
  const usual = reference.layers.filter(({ weights }) => weights.length > 0).at(-1);
  const features = usual?.weights[0]?.shape;
  reference.dispose();
  const fits = features?.length === 2 && features[0] === head.weights[0]?.shape[0];
  if (!usual || !fits || model.layers.some(layer => layer.name === usual.name)) return;
  for (const weight of head.weights as { originalName: string }[]) {
    weight.originalName = weight.originalName.replace(`${head.name}/`, `${usual.name}/`);
  }
  head.name = usual.name;
}
