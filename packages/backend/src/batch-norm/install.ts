import { InvalidOptionError } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { hasFusedBatchNorm, normalizeBatch } from './normalize-batch.js';

const installed: unique symbol = Symbol.for('espalier.fusedBatchNorm') as never;

/** A weight of a layer, as tfjs-layers keeps it. */
interface LayerVariable {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** The parts of tfjs-layers' BatchNormalization that its `call` works with. */
interface BatchNormalization {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: LayerVariable | null;
  readonly beta?: LayerVariable | null;
  readonly movingMean: LayerVariable;
  readonly movingVariance: LayerVariable;
}

type Call = (
  this: BatchNormalization,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: { training?: boolean },
) => tf.Tensor | tf.Tensor[];

/** The class of a layer, patched at most once. */
interface Prototype {
  call: Call;
  [installed]?: true;
}

/** A `LayersModel` or anything else with layers, some of which may be models themselves. */
export interface HasLayers {
  /** The layers, in any order. */
  readonly layers: readonly object[];
}

/**
 * Makes batch normalization train as one fused operation, for every layer of the class that `model` uses.
 *
 * In training tfjs-layers normalizes with a chain of small operations whose gradient is longer still. After this call
 * the same layers run one kernel forward and one backward wherever the current backend has them (wasm after
 * {@link registerWasmTrainingKernels}, and native TensorFlow), with the same results: the gradients agree to rounding
 * and the moving averages are updated by the same formula. Inference, an axis other than the last, data that is not
 * float32 and all other backends keep tfjs-layers' own code. Second-order gradients through a fused layer do not exist.
 *
 * The class is changed, not the model, so that models made or loaded later are covered too. Further calls do nothing.
 * {@link registerWasmTrainingKernels} makes this call by itself for the installed `@tensorflow/tfjs-layers`; it is
 * needed only for a second copy of that package.
 *
 * @param model - A model with at least one batch normalization layer; one without is left as it is.
 *
 * @example Cover the layers of a model that another copy of tfjs-layers made.
 * ```ts
 * import { installFusedBatchNorm } from '@espalier/backend';
 * import * as tf from '@tensorflow/tfjs-layers';
 *
 * const model = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [4] })] });
 * installFusedBatchNorm(model);
 * ```
 */
export function installFusedBatchNorm(model: HasLayers): void {
  const { layers } = (model ?? {}) as Partial<HasLayers>;
  if (!Array.isArray(layers)) throw new InvalidOptionError('model', model, 'a layers model');
  for (const layer of layers) {
    if (isBatchNormalization(layer)) fuse(Object.getPrototypeOf(layer) as Prototype);
    else if ('layers' in layer && Array.isArray(layer.layers)) installFusedBatchNorm(layer as HasLayers);
  }
}

function isBatchNormalization(layer: object): boolean {
  return (layer as { getClassName?: () => string }).getClassName?.() === 'BatchNormalization';
}

function fuse(prototype: Prototype): void {
  if (prototype[installed]) return;
  prototype[installed] = true;
  const own = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const last = x !== undefined && (this.axis === -1 || this.axis === x.rank - 1);
    if (!kwargs.training || !last || x.rank < 2 || x.dtype !== 'float32' || !hasFusedBatchNorm()) {
      return own.call(this, inputs, kwargs);
    }
    return tf.tidy(() => trainingCall(this, x));
  };
}

function trainingCall(layer: BatchNormalization, x: tf.Tensor): tf.Tensor {
  const channels = [x.shape.at(-1) ?? 1];
  const gamma = layer.gamma?.read() ?? tf.ones(channels);
  const beta = layer.beta?.read() ?? tf.zeros(channels);
  return normalizeBatch(x, gamma, beta, layer.epsilon, ({ mean, variance }) => {
    updateAverage(layer.movingMean, mean, layer.momentum);
    updateAverage(layer.movingVariance, variance, layer.momentum);
  });
}

/** The same two operations, in the same order, as tfjs-layers uses, so that the averages agree to the last bit. */
function updateAverage(average: LayerVariable, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => {
    const previous = average.read();
    average.write(tf.sub(previous, tf.mul(tf.sub(previous, value), 1 - momentum)));
  });
}
