import { backend_util, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import type { PoolSizes } from '../module/kernel-exports.js';
import { inputBytes, outputBytes } from './convolution-geometry.js';
import { input, type Kernel } from './kernel.js';

/** The gradient of max pooling: to the first of the largest values of each window. */
export const maxPoolGrad: Kernel = {
  name: 'MaxPoolGrad',
  run: (heap, inputs, attributes) =>
    eachImage(heap, inputs, attributes, (info, image, dy, dx) => {
      const x = heap.address(input(inputs, 'input')) + image * inputBytes(info);
      heap.kernels.maxPoolGradient(x, dy, dx, ...poolSizes(info));
    }),
};

/**
 * The gradient of average pooling. Every output is divided by the full window, also at a padded edge, where the forward
 * pass divides by the part of the window inside the image: so do TensorFlow.js' own kernels on all backends.
 */
export const avgPoolGrad: Kernel = {
  name: 'AvgPoolGrad',
  run: (heap, inputs, attributes) =>
    eachImage(heap, inputs, attributes, (info, _image, dy, dx) =>
      heap.kernels.averagePoolGradient(dy, dx, ...poolSizes(info), 1 / (info.filterHeight * info.filterWidth)),
    ),
};

/** A gradient to which `add` adds what each image gives. */
function eachImage(
  heap: Heap,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  add: (info: backend_util.Conv2DInfo, image: number, dy: number, dx: number) => void,
): TensorInfo {
  const x = input(inputs, 'input');
  const info = poolGeometry(x, attributes);
  const dx = heap.output(x.shape);
  const [gradient, to] = [heap.address(input(inputs, 'dy')), heap.address(dx)];
  heap.kernels.clear(to, info.batchSize * inputBytes(info));
  for (let image = 0; image < info.batchSize; image++) {
    add(info, image, gradient + image * outputBytes(info), to + image * inputBytes(info));
  }
  return dx;
}

/** Windows over images, from the attributes of a kernel. */
export function poolGeometry(x: TensorInfo, attributes: NamedAttrMap): backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as {
    filterSize: [number, number] | number;
    strides: [number, number] | number;
    pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
    dimRoundingMode?: 'floor' | 'round' | 'ceil';
  };
  return backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** The sizes of one image and of its windows. */
export function poolSizes(info: backend_util.Conv2DInfo): PoolSizes {
  return [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
