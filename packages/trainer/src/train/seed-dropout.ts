import { randomStreams } from '@espalier/core';
import type { layers as Layers, LayersModel } from '@tensorflow/tfjs-layers';
import { innermostLayers } from '../innermost-layers.js';

/** The property from which a dropout layer draws; TensorFlow.js takes `Math.random` where it is absent. */
interface Dropout extends Layers.Layer {
  seed: number | undefined;
}

/**
 * Gives every dropout layer the seed that belongs to one step, so that a resumed run drops the same units as an
 * uninterrupted one and no two steps drop the same. Returns what puts the layers' own seeds back.
 */
export function seedDropout(model: LayersModel, seed: number, step: number): () => void {
  const streams = randomStreams(seed, step);
  const layers = innermostLayers(model).filter(layer => layer.getClassName() === 'Dropout') as Dropout[];
  const before = layers.map(layer => layer.seed);
  layers.forEach((layer, index) => {
    layer.seed = 1 + Math.floor(streams(`dropout/${index}`)() * 2 ** 31);
  });
  return () => {
    layers.forEach((layer, index) => {
      layer.seed = before[index];
    });
  };
}
