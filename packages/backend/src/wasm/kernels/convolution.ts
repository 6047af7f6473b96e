import type { backend_util, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { convolve } from '../convolution/convolve.js';
import { convolveFilterGradient } from '../convolution/convolve-filter-gradient.js';
import { convolveInputGradient } from '../convolution/convolve-input-gradient.js';
import type { Heap } from '../module/heap.js';
import { convolveChannelsFirst, filterGradientChannelsFirst, inputGradientChannelsFirst } from './channels-first.js';
import { compose, finish, tensorOf } from './compose.js';
import { channelsLast, geometry } from './convolution-geometry.js';
import { epilogueOf } from './epilogue.js';
import { input, type Kernel } from './kernel.js';
import { losesNan, suitsXnnpack } from './xnnpack.js';

/** The gradient of a convolution with respect to its filter, which tfjs-backend-wasm lacks. */
export const conv2DBackpropFilter: Kernel = {
  name: 'Conv2DBackpropFilter',
  run(heap, inputs, attributes) {
    if (!channelsLast(attributes)) return filterGradientChannelsFirst(inputs, attributes);
    const x = input(inputs, 'x');
    const filterShape = attributes.filterShape as number[];
    const info = geometry(x.shape, filterShape, attributes);
    const gradient = heap.output(filterShape);
    convolveFilterGradient(heap, info, heap.address(x), heap.address(input(inputs, 'dy')), heap.address(gradient));
    return gradient;
  },
};

/** The gradient of a convolution with respect to its input, and the forward pass of a transposed convolution. */
export const conv2DBackpropInput: Kernel = {
  name: 'Conv2DBackpropInput',
  run(heap, inputs, attributes) {
    if (!channelsLast(attributes)) return inputGradientChannelsFirst(inputs, attributes);
    const filter = input(inputs, 'filter');
    const inputShape = attributes.inputShape as number[];
    const info = geometry(inputShape, filter.shape, { ...attributes, dilations: 1 });
    const gradient = heap.output(inputShape);
    convolveInputGradient(heap, info, heap.address(input(inputs, 'dy')), heap.address(filter), heap.address(gradient));
    return gradient;
  },
};

/** The forward convolution. */
export const conv2D: Kernel = {
  name: 'Conv2D',
  run: (heap, inputs, attributes) =>
    channelsLast(attributes) ? forward(heap, inputs, attributes, false) : convolveChannelsFirst(inputs, attributes),
};

/** The forward convolution with bias and activation; activations other than linear and ReLU stay TensorFlow.js' own. */
export const fusedConv2D: Kernel = {
  name: 'FusedConv2D',
  run(heap, inputs, attributes) {
    const { activation } = attributes;
    if (!channelsLast(attributes)) return convolveChannelsFirst(inputs, attributes);
    const info = geometry(input(inputs, 'x').shape, input(inputs, 'filter').shape, attributes);
    const own =
      activation === 'linear' || activation === 'relu'
        ? forward(heap, inputs, attributes, activation === 'relu')
        : undefined;
    return own ?? (suitsXnnpack(info) && !losesNan(activation) ? undefined : unfused(inputs, attributes));
  },
};

/** Below this many output pixels, packing the filter costs more than it saves; XNNPACK keeps its own packed copy. */
const FEWEST_PIXELS = 32;

/** Whether TensorFlow.js' own kernel is quicker, and right. */
function isBetterOnXnnpack(info: backend_util.Conv2DInfo): boolean {
  return info.batchSize * info.outHeight * info.outWidth < FEWEST_PIXELS && suitsXnnpack(info);
}

/** Convolution, bias and activation one after the other. */
function unfused(inputs: NamedTensorInfoMap, attributes: NamedAttrMap): TensorInfo {
  return compose(() => {
    const given = { x: tensorOf(inputs, 'x'), filter: tensorOf(inputs, 'filter') };
    const y = tf.engine().runKernel('Conv2D', given, attributes) as tf.Tensor;
    return finish(y, inputs, attributes as { activation?: string; leakyreluAlpha?: number });
  });
}

function forward(
  heap: Heap,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  clamp: boolean,
): TensorInfo | undefined {
  const x = input(inputs, 'x');
  const filter = input(inputs, 'filter');
  const info = geometry(x.shape, filter.shape, attributes);
  if (isBetterOnXnnpack(info)) return undefined;
  const epilogue = epilogueOf(heap, inputs.bias, info.outChannels, clamp);
  if (epilogue === undefined) return undefined;
  const y = heap.output(info.outShape);
  convolve(heap, info, heap.address(x), heap.address(filter), heap.address(y), epilogue);
  return y;
}
