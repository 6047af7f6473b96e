import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { type InputNormalization, normalizationOf, withNormalization } from '../../normalization/index.js';
import { requireModel } from './require-model.js';

/**
 * The normalization that a model carries in its `userDefinedMetadata`, where {@link setModelNormalization}, `toModel`
 * and readers of TensorFlow.js files put it.
 *
 * @param model - Any model.
 * @returns The normalization, or `undefined` if the model says nothing.
 * @throws {@link InvalidModelError} if it is no layers model.
 * @throws {@link InvalidOptionError} if what stands there is no normalization.
 *
 * @example
 * ```ts
 * import { namedNormalization } from '@espalier/core';
 * import { modelNormalization, setModelNormalization } from '@espalier/core/tfjs';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({ layers: [layers.flatten({ inputShape: [8, 8, 3] })] });
 * setModelNormalization(model, namedNormalization('minus-one-to-one'));
 * console.log(modelNormalization(model)?.mean); // [0.5]
 * ```
 */
export function modelNormalization(model: LayersModel): InputNormalization | undefined {
  requireModel(model);
  return normalizationOf(model.getUserDefinedMetadata());
}

/**
 * Makes a model carry the normalization of its images: `model.save`, and checkpoints that hold the model, keep it.
 *
 * @param model - Changed: the normalization is put into its `userDefinedMetadata`, beside what is there.
 * @param normalization - What its images are normalized with.
 * @throws {@link InvalidModelError} if it is no layers model.
 * @throws {@link InvalidOptionError} if it is no normalization.
 *
 * @example
 * ```ts
 * import { setModelNormalization } from '@espalier/core/tfjs';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({ layers: [layers.flatten({ inputShape: [8, 8, 1] })] });
 * setModelNormalization(model, { name: 'digits', mean: [0.13], std: [0.31] });
 * ```
 */
export function setModelNormalization(model: LayersModel, normalization: InputNormalization): void {
  requireModel(model);
  const before = (model.getUserDefinedMetadata() ?? {}) as Checkpoint['metadata'];
  model.setUserDefinedMetadata({ ...withNormalization(before, normalization) });
}

/** Metadata for a checkpoint of a model: what the caller says comes first, then what the model carries. */
export function metadataWithNormalization(
  metadata: Checkpoint['metadata'],
  model: LayersModel | undefined,
): Checkpoint['metadata'] {
  const own = model && normalizationOf(metadata) === undefined ? modelNormalization(model) : undefined;
  return own ? withNormalization(metadata, own) : metadata;
}

/** Gives a model the normalization of the checkpoint that it was made of, if that has one. */
export function carryNormalization(model: LayersModel, metadata: Checkpoint['metadata'] | undefined): void {
  const found = normalizationOf(metadata);
  if (found) setModelNormalization(model, found);
}
