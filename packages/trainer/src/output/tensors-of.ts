import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Tensors } from '../batch.js';
import { inputNamesOf } from './names.js';

/** The inputs of a batch in the order of the model's, as far as they are there. */
export function inputsOf(model: Pick<LayersModel, 'inputs'>, xs: Tensors): (tf.Tensor | undefined)[] {
  return inputNamesOf(model).map((name, index, { length }) => tensorAt(xs, name, index, length));
}

/** Inputs as a model takes them. */
export function applied(model: LayersModel, xs: Tensors): tf.Tensor | tf.Tensor[] {
  const inputs = inputsOf(model, xs) as tf.Tensor[];
  return inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs;
}

/**
 * The tensor for an input or output: by its name, else by its place; a single tensor is that of the only one. What is
 * not there, or is no tensor, is `undefined`.
 */
export function tensorAt(tensors: Tensors, name: string, index: number, count: number): tf.Tensor | undefined {
  if (tensors instanceof tf.Tensor) return count === 1 ? tensors : undefined;
  if (typeof tensors !== 'object' || tensors === null) return undefined;
  const found: unknown = Array.isArray(tensors)
    ? tensors[index]
    : Object.hasOwn(tensors, name)
      ? (tensors as Readonly<Record<string, tf.Tensor>>)[name]
      : undefined;
  return found instanceof tf.Tensor ? found : undefined;
}

/** What is in a batch, with the names by which messages call it. */
export function named(tensors: unknown, as: string): [name: string, value: unknown][] {
  if (tensors instanceof tf.Tensor || typeof tensors !== 'object' || tensors === null) return [[as, tensors]];
  return Object.entries(tensors).map(([key, value]) => [
    Array.isArray(tensors) ? `${as}[${key}]` : `${as}.${key}`,
    value,
  ]);
}
