import { ones, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { requireModel } from '../../model/require-model.js';

type Layer = layers.Layer;

/** What this file uses of a batch normalization layer, whose properties are private in TensorFlow.js. */
interface BatchNormalization {
  gamma: Readable | null | undefined;
  beta: Readable | null | undefined;
  readonly movingMean: { readonly shape: number[] };
  call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[];
}

interface Readable {
  read(): Tensor;
}

/**
 * Makes batch normalization train as Keras has it, until the returned function is called. TensorFlow.js departs from
 * Keras twice: it lets a frozen layer normalize by its batch and move its statistics, and it fails in training where a
 * layer has no scale or no center.
 *
 * A frozen layer runs in inference mode: it normalizes by its moving statistics, which stay as they are, and gradients
 * flow through it as through any fixed affine map. Frozen is a layer with `trainable` false, one inside a nested model
 * (or wrapper) with `trainable` false, and one all of whose own weights were frozen by a model that it belongs to.
 *
 * `train` of `@espalier/trainer` and `PruningSession.callback` do this by themselves; call it in a loop of your own.
 *
 * @param model - A built model; nested models and time-distributed layers count.
 * @returns Puts the layers back as they were. Call it after each forward pass, or at the end of training.
 * @throws {@link InvalidModelError} if it is no layers model.
 * @see {@link https://keras.io/guides/transfer_learning/} for what `trainable` means to batch normalization.
 *
 * @example A forward pass in training mode that leaves a frozen layer alone.
 * ```ts
 * import { keepFrozenStatistics } from '@espalier/core/tfjs';
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({ layers: [layers.batchNormalization({ inputShape: [2], trainable: false })] });
 * const restore = keepFrozenStatistics(model);
 * tf.tidy(() => void model.apply(tf.ones([4, 2]), { training: true })); // the moving mean is still 0
 * restore();
 * ```
 */
export function keepFrozenStatistics(model: LayersModel): () => void {
  const restore = batchNormalizations(model).flatMap(({ layer, frozen }) => {
    const changed = layer as Layer & BatchNormalization;
    return [...(frozen ? [inInferenceMode(changed)] : []), withAbsentWeights(changed)];
  });
  return () => {
    for (const undo of restore.splice(0).reverse()) undo();
  };
}

/** A batch normalization layer of a model. */
export interface FoundBatchNormalization {
  /** The layer. */
  readonly layer: Layer;
  /** Whether it normalizes by its moving statistics in training too. */
  readonly frozen: boolean;
}

/**
 * Every batch normalization of a model in its order, each once, those of nested models and time-distributed layers
 * included.
 *
 * @param model - A built model.
 * @returns The layers, and whether they are frozen: {@link keepFrozenStatistics} says what that is.
 * @throws {@link InvalidModelError} if it is no layers model.
 *
 * @example
 * ```ts
 * import { batchNormalizations } from '@espalier/core/tfjs';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({ layers: [layers.batchNormalization({ inputShape: [2], trainable: false })] });
 * console.log(batchNormalizations(model).map(({ frozen }) => frozen)); // [true]
 * ```
 */
export function batchNormalizations(model: LayersModel): FoundBatchNormalization[] {
  requireModel(model);
  const found = new Map<Layer, boolean>();
  for (const [layer, within] of normalizations(model, false)) {
    found.set(layer, (found.get(layer) ?? false) || within || ownWeightsAreFrozen(layer));
  }
  return Array.from(found, ([layer, frozen]) => ({ layer, frozen }));
}

/** Every occurrence, and whether the layer or something that holds it is frozen. */
function* normalizations(
  layer: Layer,
  frozen: boolean,
): Generator<[layer: Layer & BatchNormalization, frozen: boolean]> {
  const { layers: nested, layer: wrapped } = layer as Layer & { layers?: readonly Layer[]; layer?: Layer };
  const within = frozen || !layer.trainable;
  if (nested) for (const child of nested) yield* normalizations(child, within);
  else if (wrapped) yield* normalizations(wrapped, within);
  else if (layer.getClassName() === 'BatchNormalization') yield [layer as Layer & BatchNormalization, within];
}

/** Setting `trainable` of a model freezes the weights of its layers, and says nothing to the layers. */
function ownWeightsAreFrozen({ gamma, beta, trainableWeights }: Layer & BatchNormalization): boolean {
  return (gamma != null || beta != null) && trainableWeights.length === 0;
}

function inInferenceMode(layer: Layer & BatchNormalization): () => void {
  const own = Object.hasOwn(layer, 'call') ? layer.call : undefined;
  const call = layer.call.bind(layer);
  layer.call = (inputs: Tensor | Tensor[], kwargs: object) => call(inputs, { ...kwargs, training: false });
  return () => {
    if (own) layer.call = own;
    else Reflect.deleteProperty(layer, 'call');
  };
}

/**
 * In training TensorFlow.js reads scale and center without asking whether there are any, and its gradient needs both.
 * Made anew at each reading, within the scope of the forward pass.
 */
function withAbsentWeights(layer: BatchNormalization): () => void {
  const { gamma, beta, movingMean } = layer;
  layer.gamma = gamma ?? { read: () => ones(movingMean.shape) };
  layer.beta = beta ?? { read: () => zeros(movingMean.shape) };
  return () => Object.assign(layer, { gamma, beta });
}
