import type { backend_util } from '@tensorflow/tfjs-core';
import { correlateDepthwiseBack, hasPhases } from '../convolution/depthwise.js';
import type { Heap } from '../module/heap.js';
import { geometry, inputBytes, outputBytes } from './convolution-geometry.js';
import { input, type Kernel } from './kernel.js';

/** The gradient of a depthwise convolution with respect to its input. */
export const depthwiseBackpropInput: Kernel = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  run(heap, inputs, attributes) {
    const filter = input(inputs, 'filter');
    const inputShape = attributes.inputShape as number[];
    const info = geometry(inputShape, filter.shape, attributes, true);
    const gradient = heap.output(inputShape);
    const [dy, weights, dx] = [heap.address(input(inputs, 'dy')), heap.address(filter), heap.address(gradient)];
    if (hasPhases(info)) {
      correlateDepthwiseBack(heap, info, dy, weights, dx);
      return gradient;
    }
    heap.kernels.clear(dx, info.batchSize * inputBytes(info));
    eachImage(info, (image, sizes) =>
      heap.kernels.depthwiseInputGradient(
        dy + image * outputBytes(info),
        weights,
        dx + image * inputBytes(info),
        ...sizes,
      ),
    );
    return gradient;
  },
};

/** The gradient of a depthwise convolution with respect to its filter. */
export const depthwiseBackpropFilter: Kernel = {
  name: 'DepthwiseConv2dNativeBackpropFilter',
  run(heap, inputs, attributes) {
    const source = input(inputs, 'x');
    const filterShape = attributes.filterShape as number[];
    const info = geometry(source.shape, filterShape, attributes, true);
    const gradient = heap.output(filterShape);
    const [x, dy, target] = [heap.address(source), heap.address(input(inputs, 'dy')), heap.address(gradient)];
    heap.kernels.clear(
      target,
      filterShape.reduce((product, size) => product * size, 4),
    );
    eachImage(info, (image, sizes) => {
      const [height, width, channels, multiplier, ...rest] = sizes;
      const operands = [x + image * inputBytes(info), dy + image * outputBytes(info), target] as const;
      if (multiplier === 1) heap.kernels.depthwiseFilterSums(...operands, height, width, channels, ...rest);
      else heap.kernels.depthwiseFilterGradient(...operands, ...sizes);
    });
    return gradient;
  },
};

type Sizes =
  Parameters<Heap['kernels']['depthwiseInputGradient']> extends [number, number, number, ...infer Rest] ? Rest : never;

function eachImage(info: backend_util.Conv2DInfo, work: (image: number, sizes: Sizes) => void): void {
  const sizes: Sizes = [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outChannels / info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
  for (let image = 0; image < info.batchSize; image++) work(image, sizes);
}
