import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { input, type Kernel } from './kernel.js';

/** The gradient of max pooling: to the first of the largest values of each window. */
export const maxPoolGrad: Kernel = {
  name: 'MaxPoolGrad',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'input');
    const info = geometry(x, attributes);
    const dx = heap.output(x.shape);
    const [from, gradient, to] = [heap.address(x), heap.address(input(inputs, 'dy')), heap.address(dx)];
    heap.kernels.clear(to, info.batchSize * inputBytes(info));
    for (let image = 0; image < info.batchSize; image++) {
      heap.kernels.maxPoolGradient(
        from + image * inputBytes(info),
        gradient + image * outputBytes(info),
        to + image * inputBytes(info),
        ...sizes(info),
      );
    }
    return dx;
  },
};

/**
 * The gradient of average pooling. Every output is divided by the full window, also at a padded edge, where the forward
 * pass divides by the part of the window inside the image: so do TensorFlow.js' own kernels on all backends.
 */
export const avgPoolGrad: Kernel = {
  name: 'AvgPoolGrad',
  run(heap, inputs, attributes) {
    const x = input(inputs, 'input');
    const info = geometry(x, attributes);
    const dx = heap.output(x.shape);
    const [gradient, to] = [heap.address(input(inputs, 'dy')), heap.address(dx)];
    heap.kernels.clear(to, info.batchSize * inputBytes(info));
    for (let image = 0; image < info.batchSize; image++) {
      heap.kernels.averagePoolGradient(
        gradient + image * outputBytes(info),
        to + image * inputBytes(info),
        ...sizes(info),
        1 / (info.filterHeight * info.filterWidth),
      );
    }
    return dx;
  },
};

function geometry(x: TensorInfo, attributes: NamedAttrMap): backend_util.Conv2DInfo {
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

function sizes(
  info: backend_util.Conv2DInfo,
): [number, number, number, number, number, number, number, number, number, number, number] {
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

function inputBytes(info: backend_util.Conv2DInfo): number {
  return info.inHeight * info.inWidth * info.inChannels * 4;
}

function outputBytes(info: backend_util.Conv2DInfo): number {
  return info.outHeight * info.outWidth * info.outChannels * 4;
}
