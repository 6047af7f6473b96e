import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireLayersModel, requireTensorMap } from '../arguments.js';
import { applicationOf } from './architectures.js';
import { checkArchitecture } from './check-architecture.js';
import type { KerasTensors } from './keras-tensor.js';
import { matched } from './matched.js';
import { namedTensors } from './named-tensors.js';
import { slotsOf } from './slot.js';

/** Options of {@link loadKerasWeights}. */
export interface KerasLoadOptions {
  /**
   * Whether the last layer is loaded, or kept as it is in the model: for a task with other classes than the weights',
   * and for weights without a last layer.
   *
   * @defaultValue 'load'
   */
  readonly head?: 'load' | 'keep' | undefined;
}

/** What {@link loadKerasWeights} found. */
export interface KerasLoadReport {
  /** Keras's application whose weights these are, undefined if they simply have the model's names. */
  readonly application: 'MobileNet' | 'MobileNetV2' | 'VGG16' | 'ResNet50' | undefined;
  /** Names of the tensors that were not needed: of a head that was not to be loaded. */
  readonly skipped: readonly string[];
  /** Names of the biases that went into the moving mean of the normalization after their convolution. */
  readonly folded: readonly string[];
  /**
   * Images that the weights were trained on, as a mode of Keras's `preprocess_input`: `'tf'` is RGB from -1 to 1,
   * `'caffe'` is BGR from 0 to 255 less the means 103.939, 116.779 and 123.68. Undefined if the application is.
   */
  readonly preprocessing: 'tf' | 'caffe' | undefined;
}

/**
 * Overwrites the weights of a model with those of a Keras model, and says what else was there.
 *
 * Fits weights whose layers and weights are called as in the model: of a {@link https://keras.io | Keras} or
 * TensorFlow.js model with the same layers, for instance one that came from here. And those of Keras's applications:
 *
 * - `MobileNet` into {@link mobileNetV1} with `variant: 'keras'`; the last 1x1 convolution becomes the dense layer
 *   `logits`;
 * - `MobileNetV2` into {@link mobileNetV2} with `variant: 'keras'` and the same width;
 * - `VGG16` into {@link vgg16}, whose first dense layer sees the image with its channels last, as Keras's;
 * - `ResNet50` into {@link resnet50} with `strideAt: '1x1'`. Its convolutions have biases and ours have none: each is
 *   taken from the moving mean of the normalization after it, which gives the same outputs. Its epsilon of 1.001e-5
 *   counts as our 1e-5.
 *
 * Recurrent layers, `Bidirectional` and `TimeDistributed` go by Keras's names in all of its formats:
 * `lstm/lstm_cell/kernel`, `bidirectional/forward_lstm/lstm_cell/0`, `time_distributed/dense/kernel`. A GRU with
 * `reset_after=True`, Keras's default, is refused, for TensorFlow.js has none; without biases its weights do not show
 * it.
 *
 * Kernels are copied as they are, so every zero stays a zero. Keras's applications end in a softmax, our models in its
 * logits. Nothing is written unless everything fits.
 *
 * @param model - A model with the architecture of the weights.
 * @param tensors - Weights by name, for instance of a file that `readKerasWeights` of `@espalier/models/node` read.
 * @param options - Whether to load the head.
 * @throws {@link InvalidOptionError} if an argument or an option is of the wrong kind, {@link UnknownOptionError} if
 * there is no such option.
 * @throws {@link TensorsMismatchError} if a weight gets no tensor or a tensor has no place.
 * @throws {@link TensorShapeMismatchError} if a tensor has another shape than the weight.
 * @throws {@link InvalidTensorError} if two tensors stand for the same weight, a name says no layer, or a tensor's
 * shape is not that of its values.
 * @throws {@link ArchitectureMismatchError} if the weights of an application would fit but the model computes
 *   something else.
 *
 * @example A dense layer of two weights and a zero.
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import * as tf from '@tensorflow/tfjs-layers';
 * import { loadKerasWeights } from '@espalier/models';
 *
 * const model = tf.sequential({ layers: [tf.layers.dense({ name: 'fc', units: 1, inputShape: [2] })] });
 * const tensors = new Map([
 *   ['fc/kernel:0', { shape: [2, 1], values: [0, 3] }],
 *   ['fc/bias:0', { shape: [1], values: [1] }],
 * ]);
 * console.log(loadKerasWeights(model, tensors).skipped); // []
 * ```
 */
export function loadKerasWeights(
  model: LayersModel,
  tensors: KerasTensors,
  options: KerasLoadOptions = {},
): KerasLoadReport {
  return fillWithKerasWeights(model, tensors, options, copied);
}

/** The same for arrays that nobody else has: those of 32-bit floats become the weights', if `kept` hands them on. */
export function fillWithKerasWeights(
  model: LayersModel,
  tensors: KerasTensors,
  options: KerasLoadOptions,
  kept: (values: ArrayLike<number>) => Float32Array,
): KerasLoadReport {
  requireLayersModel(model);
  requireTensorMap(tensors);
  checkOptions<KerasLoadOptions>(options, { head: rules.optional(rules.oneOf('load', 'keep')) });
  const named = namedTensors(tensors);
  const application = applicationOf(model, new Set(named.map(({ parts }) => parts.at(-2) as string)));
  const slots = slotsOf(
    model,
    named.map(({ parts }) => parts),
  );
  const head = options.head === 'keep' ? slots.slots.at(-1)?.layer : undefined;
  const { pairs, biases, skipped } = matched(slots, named, application, head);
  checkArchitecture(model, application);
  for (const [{ name, variable }, { values }] of pairs) {
    const tensor = tf.tensor(less(kept(values), biases.get(name)?.values), variable.shape as number[], 'float32');
    variable.write(tensor);
    tensor.dispose();
  }
  return {
    application: application?.name,
    skipped,
    folded: [...biases.values()].map(({ source }) => source),
    preprocessing: application?.preprocessing,
  };
}

const copied = (values: ArrayLike<number>): Float32Array => new Float32Array(values);

/** The array itself, if it holds 32-bit floats. */
export const handedOn = (values: ArrayLike<number>): Float32Array =>
  values instanceof Float32Array ? values : copied(values);

function less(values: Float32Array, bias: ArrayLike<number> | undefined): Float32Array {
  if (bias) for (const [i, value] of values.entries()) values[i] = value - (bias[i] as number);
  return values;
}
