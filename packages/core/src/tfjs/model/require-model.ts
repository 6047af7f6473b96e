import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InvalidModelError } from '../errors.js';

/**
 * Refuses what is not a `LayersModel` with layers, by throwing {@link InvalidModelError}: a `GraphModel`, a promise, a
 * single layer, a model that was disposed, nothing at all. For functions that take a model from callers without types.
 *
 * @param model - What was given.
 * @throws {@link InvalidModelError} that says what it is instead, and what to do.
 *
 * @example
 * ```ts
 * import { requireModel } from '@espalier/core/tfjs';
 *
 * export function countLayers(model: unknown): number {
 *   requireModel(model);
 *   return model.layers.length;
 * }
 * ```
 */
export function requireModel(model: unknown): asserts model is LayersModel {
  const reason = reasonAgainst(model);
  if (reason) throw new InvalidModelError(reason);
  for (const weight of (model as LayersModel).weights) {
    try {
      weight.read();
    } catch (cause) {
      throw new InvalidModelError('It was disposed. Build it again, or use it before dispose.', { cause });
    }
  }
}

const keras = 'Build one with tf.sequential or tf.model, or load one with tf.loadLayersModel.';

function reasonAgainst(model: unknown): string | undefined {
  if (typeof model !== 'object' || model === null) return `It is ${nameOf(model)}. ${keras}`;
  if (Array.isArray(model)) return `It is an array. Pass the model itself. ${keras}`;
  const { then, executeAsync, layers, weights, getClassName } = model as Record<string, unknown>;
  if (typeof then === 'function') return 'It is a promise. Await it first.';
  if (typeof executeAsync === 'function') {
    return (
      'It is a GraphModel, which is made for inference: it has neither layers nor variables. Convert the network to the ' +
      'format tfjs_layers_model, and load it with tf.loadLayersModel.'
    );
  }
  if (typeof getClassName === 'function' && Array.isArray(weights) && !Array.isArray(layers)) {
    return 'It is a single layer. Put it into a model: tf.sequential({ layers: [layer] }).';
  }
  if (typeof getClassName !== 'function' || !Array.isArray(layers) || !Array.isArray(weights)) {
    return `It is an object of another kind. ${keras}`;
  }
  if (layers.length === 0) return 'It has no layers yet. Add them, the first with an inputShape.';
  return undefined;
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'function' ? 'a function' : String(value);
}
