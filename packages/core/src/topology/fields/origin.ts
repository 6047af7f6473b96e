import { asFields, isFields, type TopologyFields } from './fields.js';

/**
 * Who wrote a topology, because one spelling means different things: the hard sigmoid is `0.2 x + 0.5` in TensorFlow.js
 * and Keras 2, and `x / 6 + 0.5` in Keras 3; TensorFlow.js resizes images otherwise than Keras.
 */
export type TopologyOrigin = 'tfjs' | 'keras2' | 'keras3';

/**
 * Who wrote a topology, by its `keras_version`, or else by what Keras 3 alone writes.
 *
 * @param version - The `keras_version` beside the model, if there is one.
 * @param model - The model, `{ class_name, config }`.
 *
 * @example
 * ```ts
 * import { topologyOrigin } from '@espalier/core';
 *
 * topologyOrigin('tfjs-layers 4.22.0', {}); // 'tfjs'
 * ```
 */
export function originOf(version: unknown, model: TopologyFields): TopologyOrigin {
  if (typeof version === 'string') {
    if (version.startsWith('tfjs')) return 'tfjs';
    return Number.parseInt(version, 10) >= 3 ? 'keras3' : 'keras2';
  }
  return hasMarks(asFields(model, 'model'), 3) ? 'keras3' : 'keras2';
}

const marks = ['module', 'registered_name', 'batch_shape', 'build_config'];

/** True if a layer has what only Keras 3 writes; models are looked into some levels deep. */
function hasMarks(layer: TopologyFields, depth: number): boolean {
  const { config } = layer;
  if (marks.some(mark => mark in layer || (isFields(config) && mark in config))) return true;
  const layers = isFields(config) ? config.layers : undefined;
  return depth > 0 && Array.isArray(layers) && layers.some(inner => isFields(inner) && hasMarks(inner, depth - 1));
}
