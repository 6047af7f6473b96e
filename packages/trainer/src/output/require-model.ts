import { InvalidOptionError } from '@espalier/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Refuses what is no model. */
export function requireModel(model: LayersModel): void {
  const { inputs, outputs: ends } = (model ?? {}) as Partial<LayersModel>;
  if (!Array.isArray(inputs) || !Array.isArray(ends) || typeof model.apply !== 'function') {
    throw new InvalidOptionError('model', model, 'a LayersModel of TensorFlow.js');
  }
}
