import type { PoolNode } from '../../graph.js';
import { asOne, asPair } from '../fields.js';
import { imageInput, type LayerCall, rowInput, type Value } from '../layer-call.js';
import { paddingOf } from './padding-of.js';

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

/** `MaxPooling1D` or `AveragePooling1D`. */
export function readRowPool(mode: PoolNode['mode']): (call: LayerCall) => Value {
  return call => {
    const { name: input, shape } = rowInput(call);
    const length = asOne(call.config.pool_size ?? 2, `pool_size of layer "${call.layer}"`);
    const size = [1, length] as const;
    const strides = [1, asOne(call.config.strides ?? length, `strides of layer "${call.layer}"`)] as const;
    const padding = paddingOf(call, shape, size, strides);
    const node = call.builder.add({ kind: 'pool', name: call.name, inputs: [input], mode, size, strides, padding });
    return { node, view: 'row' };
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

/** `GlobalMaxPooling1D` or `GlobalAveragePooling1D`; with `keepdims` the result is a sequence of one. */
export function readGlobalRowPool(mode: PoolNode['mode']): (call: LayerCall) => Value {
  return call => {
    const { name: input, shape } = rowInput(call);
    const { builder } = call;
    if (call.config.keepdims !== true)
      return { node: builder.add({ kind: 'globalPool', name: call.name, inputs: [input], mode }), view: 'plain' };
    const name = builder.freeName(`${call.name}/vector`);
    const vector = builder.add({ kind: 'globalPool', name, inputs: [input], mode });
    const target = [1, 1, shape[2]] as const;
    return { node: builder.add({ kind: 'reshape', name: call.name, inputs: [vector], target }), view: 'row' };
  };
}
