import { modelWeights } from '@espalier/core/tfjs';
import { type Batch, type ImageShape, toTensors } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { findClassifier } from '../backbone/find-classifier.js';
import type { FeatureExtractor } from './features.js';
import { imageShapeOf } from './image-shape.js';
import { sha256 } from './sha256.js';

/**
 * Features that TensorFlow.js computes: the input of a model's classifier, which is its last dense layer (or convolution, if the
 * network ends in a 1x1 convolution). For the usual image networks that is what the global average pooling gives.
 *
 * The model runs in inference mode: batch normalisation uses its moving statistics, and nothing in the model changes. Features of
 * more than one dimension are flattened.
 *
 * @param model - A model with one input, images, and one output. It stays yours and is used as it is at each call: dispose it after
 *   the extractor has done its work.
 * @throws {@link NoClassifierError} if the model does not end in a single dense or convolution layer.
 * @throws {@link InvalidOptionError} if the model does not take images of one fixed size.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { smallConvNet } from '@espalier/models';
 * import { tfjsExtractor } from '@espalier/transfer';
 *
 * const model = smallConvNet();
 * console.log(tfjsExtractor(model).dimension); // 64
 * model.dispose();
 * ```
 */
export function tfjsExtractor(model: LayersModel): FeatureExtractor {
  const inputShape: ImageShape = imageShapeOf(model);
  const { features } = findClassifier(model);
  const dimension = features.shape.slice(1).reduce<number>((product, side) => product * (side ?? 0), 1);
  // Shares the layers of `model` and has no tensors of its own, so it must not be disposed.
  const backbone = modelOf({ inputs: model.inputs, outputs: features });
  return {
    inputShape,
    dimension,
    identity: async () => {
      const weights = modelWeights(backbone);
      const values = await Promise.all(weights.map(({ variable }) => variable.data()));
      const { config } = backbone.toJSON(null, false) as unknown as { config: { layers: unknown } };
      const names = weights.map(({ name, variable }) => [name, variable.shape]);
      return sha256('tfjs/1', tf.getBackend(), JSON.stringify([config.layers, names]), ...values);
    },
    extract: async (batch: Batch) => {
      const { xs, ys } = toTensors(batch);
      const rows = tf.tidy(() =>
        tf.reshape(backbone.apply(xs, { training: false }) as tf.Tensor, [batch.size, dimension]),
      );
      try {
        return (await rows.data()) as Float32Array;
      } finally {
        tf.dispose([xs, ys, rows]);
      }
    },
  };
}
