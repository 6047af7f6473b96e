import { checkOptions, rules } from '@espalier/core';
import { modelNormalization, modelWeights, requireModel } from '@espalier/core/tfjs';
import { type Batch, type ImageShape, toTensors } from '@espalier/datasets';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model as modelOf } from '@tensorflow/tfjs-layers';
import { findClassifier } from '../backbone/find-classifier.js';
import type { FeatureExtractor } from './features.js';
import { imageShapeOf } from './image-shape.js';
import { sha256 } from './sha256.js';

/** Options of {@link tfjsExtractor}. */
export interface TfjsExtractorOptions {
  /**
   * Name of the layer whose output the features are, averaged over all places; may lie in a nested model.
   *
   * @defaultValue what the classifier works on
   */
  readonly featureLayer?: string | undefined;
  /**
   * Whether the network has a classifier: `'find'` takes the last dense layer, or a convolution that gives a value for
   * each class, and takes a network that ends in a map, or in what is pooled or flattened of one, to have none.
   * `'none'` says that it has none, as where a dense layer at the end gives an embedding: its output is the features.
   *
   * @defaultValue 'find'
   */
  readonly head?: 'find' | 'none' | undefined;
}

/**
 * Features that TensorFlow.js computes: the input of a model's classifier, which is its last dense layer or
 * convolution. For the usual image networks that is what the global average pooling gives. Where the classifier is a
 * 1x1 convolution before the pooling, as in SqueezeNet and Tiny Darknet, its input is averaged over all places.
 * Classifiers in nested models count.
 *
 * The model runs in inference mode: batch normalization uses its moving statistics, and nothing in the model changes.
 * Features of more than one dimension are flattened.
 *
 * @param model - A model with one input, images, and one output. It stays yours and is used as it is at each call:
 *   dispose it after the extractor has done its work.
 * @param options - Which layer gives the features, if the model does not end in a classifier.
 * @throws {@link @espalier/core/tfjs!InvalidModelError} if it is no layers model.
 * @throws {@link NoClassifierError} if the classifier cannot be told: the option `featureLayer` is the remedy.
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
export function tfjsExtractor(model: LayersModel, options: TfjsExtractorOptions = {}): FeatureExtractor {
  checkOptions<TfjsExtractorOptions>(options, {
    featureLayer: rules.optional(rules.text),
    head: rules.optional(rules.oneOf('find', 'none')),
  });
  requireModel(model);
  const inputShape: ImageShape = imageShapeOf(model);
  const { features } = findClassifier(model, options);
  const dimension = features.shape.slice(1).reduce<number>((product, side) => product * (side ?? 0), 1);
  // Shares the layers of `model` and has no tensors of its own, so it must not be disposed.
  const backbone = modelOf({ inputs: model.inputs, outputs: features });
  return {
    inputShape,
    dimension,
    normalization: modelNormalization(model),
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
