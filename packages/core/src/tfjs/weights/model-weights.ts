import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { DuplicateWeightError } from '../errors.js';
import { requireModel } from '../model/require-model.js';
import { rememberModel } from './listed-models.js';
import type { ModelWeight } from './model-weight.js';
import { isRegularized, isRegularizedInVain } from './regularizers.js';
import { denseReasonOf, roleOf } from './weight-role.js';
import { checkSelection, select, type WeightSelection } from './weight-selector.js';

type Layer = layers.Layer;
type LayerVariable = Layer['weights'][number];

/**
 * Models and time-distributed layers hold the layers that hold the weights. A bidirectional layer lists its weights
 * itself: the layer it was made from is a template that is never built.
 */
function* innermostLayers(layer: Layer): Generator<Layer> {
  const { layers: nested, layer: wrapped } = layer as Layer & { layers?: readonly Layer[]; layer?: Layer };
  if (nested) for (const child of nested) yield* innermostLayers(child);
  else if (wrapped && layer.getClassName() === 'TimeDistributed') yield* innermostLayers(wrapped);
  else yield layer;
}

/**
 * Every weight of a model in the model's order, trained and not, each listed once even if layers are shared.
 *
 * Names are stable: they are those that the layers were built with (`conv1/kernel`), without the suffixes that
 * TensorFlow.js adds when a process builds a second model. Prunable are, unless the selection says otherwise, the
 * kernels of dense, convolution and separable layers that are trained; never biases, normalization parameters,
 * embeddings, recurrent kernels or frozen layers. Depthwise kernels, those of separable layers too, stay dense as in
 * published recipes for MobileNets (Zhu & Gupta 2017): they are few and costly to lose.
 * `include: [/depthwise_kernel$/]` prunes them as well. A session says which frozen layers stay dense
 * ({@link SessionOptions.onWarning}).
 *
 * Name your layers. Names that TensorFlow.js invents (`dense_Dense1`) count the layers built before in the same
 * process, so they change when the program does.
 *
 * @param model - A built model; may contain nested models and shared layers.
 * @param selection - Weights to leave dense although their layer type is prunable, and the reverse.
 * @returns The weights to give to `PruningSession.start`. The variables stay the model's.
 * @throws {@link InvalidModelError} if the model is none, has no layers yet, or was disposed.
 * @throws {@link DuplicateWeightError} if two weights have the same name.
 * @throws {@link UnknownLayerError} if a name, pattern or function of the selection matches no weight.
 * @throws {@link InvalidOptionError} if the selection is not made of names, patterns and functions.
 * @throws {@link UnknownOptionError} if the selection has another option than `except` and `include`.
 *
 * @example Prune everything but the classifier.
 * ```ts
 * import { modelWeights } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ name: 'hidden', units: 8, inputShape: [4] }),
 *     tf.layers.dense({ name: 'head', units: 2 }),
 *   ],
 * });
 * modelWeights(model, { except: ['head/kernel'] }).filter(weight => weight.prunable); // hidden/kernel
 * ```
 */
export function modelWeights(model: LayersModel, selection: WeightSelection = {}): ModelWeight[] {
  requireModel(model);
  checkSelection(selection);
  const trained = new Set<LayerVariable>(model.trainableWeights);
  const seen = new Set<LayerVariable>();
  const names = new Set<string>();
  const weights: ModelWeight[] = [];
  for (const layer of innermostLayers(model)) {
    for (const weight of layer.weights) {
      if (seen.has(weight)) continue;
      seen.add(weight);
      const name = weight.originalName;
      if (names.has(name)) throw new DuplicateWeightError(name);
      names.add(name);
      weights.push(describe(layer, weight, trained.has(weight)));
    }
  }
  rememberModel(model, weights);
  return select(weights, selection);
}

function describe(layer: Layer, weight: LayerVariable, trainable: boolean): ModelWeight {
  const name = weight.originalName;
  const layerClass = layer.getClassName();
  const variable = weight.read() as Variable;
  const described = { name, variable, role: roleOf(layerClass, name), trainable, layerClass };
  const denseBecause = denseReasonOf(described);
  return {
    ...described,
    prunable: denseBecause === undefined,
    ...(denseBecause ? { denseBecause } : {}),
    ...(isRegularized(layer, name) ? { regularized: true } : {}),
    ...(isRegularizedInVain(layer, name) ? { regularizedInVain: true } : {}),
  };
}

/**
 * The weights of a model that methods may mask: {@link modelWeights} without the rest. For reports and for
 * {@link pruneOnce}; a session needs all weights.
 *
 * @param model - A built model.
 * @param selection - As for {@link modelWeights}.
 * @returns Prunable weights in the model's order; empty if there are none.
 * @throws The same errors as {@link modelWeights}.
 *
 * @example Count what can be pruned.
 * ```ts
 * import { prunableWeights } from '@espalier/core/tfjs';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ name: 'head', units: 2, inputShape: [4] })] });
 * prunableWeights(model).reduce((sum, weight) => sum + weight.variable.size, 0); // 8
 * ```
 */
export function prunableWeights(model: LayersModel, selection: WeightSelection = {}): ModelWeight[] {
  return modelWeights(model, selection).filter(weight => weight.prunable);
}
