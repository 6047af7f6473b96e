import type { PoolNode } from '../../graph.js';
import { asPair } from '../fields.js';
import { imageInput, type LayerCall, type Value } from '../layer-call.js';
import { paddingOf } from './read-convolution.js';

/** `MaxPooling2D` or `AveragePooling2D`. */
export function readPool(mode: PoolNode['mode']): (call: LayerCall) => Value {
  return call => {
    const { name: input, shape } = imageInput(call);
    const size = asPair(call.config.pool_size ?? 2, `pool_size of layer "${call.layer}"`);
    const strides = asPair(call.config.strides ?? size, `strides of layer "${call.layer}"`);
    const padding = paddingOf(call, shape, size, strides);
    const node = call.builder.add({ kind: 'pool', name: call.name, inputs: [input], mode, size, strides, padding });
    return { node, view: 'plain' };
  };
}

/** `GlobalMaxPooling2D` or `GlobalAveragePooling2D`; with `keepdims` the result is seen as an image of 1x1. */
export function readGlobalPool(mode: PoolNode['mode']): (call: LayerCall) => Value {
  return call => {
    const { name: input } = imageInput(call);
    const node = call.builder.add({ kind: 'globalPool', name: call.name, inputs: [input], mode });
    return { node, view: call.config.keepdims === true ? 'pixel' : 'plain' };
  };
}
