import { InvalidOptionError } from '@espalier/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Refuses everything but layers models; those of a second installed copy of TensorFlow.js will do. */
export function requireLayersModel(model: unknown): asserts model is LayersModel {
  const { layers, weights } = (typeof model === 'object' && model !== null ? model : {}) as Partial<LayersModel>;
  if (Array.isArray(layers) && Array.isArray(weights)) return;
  throw new InvalidOptionError('model', model, 'a LayersModel of TensorFlow.js');
}

/** Refuses everything but maps. */
export function requireTensorMap(tensors: unknown): asserts tensors is ReadonlyMap<unknown, unknown> {
  if (tensors instanceof Map || Object.prototype.toString.call(tensors) === '[object Map]') return;
  throw new InvalidOptionError('tensors', tensors, 'a Map from names to { shape, values }');
}

/**
 * What is wrong with a tensor that a caller gave, undefined if nothing is: its shape must be an array of whole numbers
 * and its values one number for each entry.
 */
export function tensorProblem(tensor: unknown): string | undefined {
  if (typeof tensor !== 'object' || tensor === null) return 'it is not an object with shape and values';
  const { shape, values } = tensor as { readonly shape?: unknown; readonly values?: unknown };
  if (!Array.isArray(shape) || !shape.every(side => Number.isSafeInteger(side) && side >= 0)) {
    return 'its shape is not an array of whole numbers';
  }
  if (!isNumbers(values)) return 'its values are not an array of numbers';
  if (values.length === shape.reduce((size, side) => size * side, 1)) return undefined;
  return `its shape is [${shape.join(', ')}], but it has ${values.length} values`;
}

function isNumbers(values: unknown): values is ArrayLike<number> {
  if (ArrayBuffer.isView(values)) {
    return !(values instanceof DataView || values instanceof BigInt64Array || values instanceof BigUint64Array);
  }
  return Array.isArray(values) && values.every(value => typeof value === 'number');
}
