import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { NoClassifierError } from '../errors.js';

/** What a classifier works on, and its layer. */
export interface Classifier {
  readonly layer: layers.Layer;
  /** Output of the layer before it: for image networks, what the global average pooling gives. */
  readonly features: SymbolicTensor;
}

/**
 * The last dense or convolution layer of a network; some networks have a 1x1 convolution for a classifier. What comes after it,
 * such as a softmax, has no weights.
 */
export function findClassifier(model: LayersModel): Classifier {
  const layer = model.layers.findLast(({ weights }) => weights.length > 0);
  if (!layer || !/^(Dense|Conv2D)$/.test(layer.getClassName())) {
    throw new NoClassifierError(
      model.name,
      layer ? `its last layer with weights is a ${layer.getClassName()}` : 'it has no weights',
    );
  }
  if (layer.inboundNodes.length !== 1 || Array.isArray(layer.input)) {
    throw new NoClassifierError(model.name, `its last layer with weights, "${layer.name}", is used more than once`);
  }
  return { layer, features: layer.input };
}
