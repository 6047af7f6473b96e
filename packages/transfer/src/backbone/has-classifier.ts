import { requireModel } from '@espalier/core/tfjs';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { NoClassifierError } from '../errors.js';
import { findClassifier } from './find-classifier.js';

/**
 * Whether a network ends in a classifier: a dense layer, or a convolution that gives one value for each class. False
 * for extractors of features, which end in a map, or in what is pooled or flattened of one; true also where it cannot
 * be told. A dense layer at the end counts as a classifier, though it may give an embedding.
 *
 * @param model - Not changed.
 * @throws {@link @espalier/core/tfjs!InvalidModelError} if it is no layers model.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { hasClassifier } from '@espalier/transfer';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const body = layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3] });
 * const extractor = sequential({ layers: [body, layers.globalAveragePooling2d({})] });
 * console.log(hasClassifier(extractor)); // false
 * extractor.dispose();
 * ```
 */
export function hasClassifier(model: LayersModel): boolean {
  requireModel(model);
  try {
    return findClassifier(model).name !== undefined;
  } catch (error) {
    if (error instanceof NoClassifierError) return true;
    throw error;
  }
}
