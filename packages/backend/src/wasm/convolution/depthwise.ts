import type { backend_util } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';
import { phases } from './phases.js';

type ConvInfo = backend_util.Conv2DInfo;

/** Whether every input channel has one output channel. */
export function isPlain({ inChannels, outChannels }: ConvInfo): boolean {
  return inChannels === outChannels;
}

/** y = x * filter of a {@link isPlain} depthwise convolution, channels last. Addresses of float32 data. */
export function correlateDepthwise(heap: Heap, info: ConvInfo, x: number, filter: number, y: number): void {
  const { inChannels: channels, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const pixel = channels * 4;
  for (let image = 0; image < info.batchSize; image++) {
    heap.kernels.depthwiseCorrelate(
      x + image * inHeight * inWidth * pixel,
      inHeight,
      inWidth,
      channels,
      -info.padInfo.top,
      -info.padInfo.left,
      info.strideHeight,
      info.strideWidth,
      info.dilationHeight,
      info.dilationWidth,
      filter,
      filterWidth * pixel,
      pixel,
      filterHeight,
      filterWidth,
      y + image * outHeight * outWidth * pixel,
      outHeight,
      outWidth,
      outWidth * pixel,
      pixel,
    );
  }
}

/** Whether {@link correlateDepthwiseBack} computes the gradient: it cannot where stride and dilation go together. */
export function hasPhases(info: ConvInfo): boolean {
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  return isPlain(info) && (dilationHeight === 1 || strideHeight === 1) && (dilationWidth === 1 || strideWidth === 1);
}

/**
 * dx of a depthwise convolution that {@link hasPhases}. Pixels of dx that agree modulo the stride see the same taps, so
 * each such phase is a correlation of dy with every stride-th tap in reverse order.
 */
export function correlateDepthwiseBack(heap: Heap, info: ConvInfo, dy: number, filter: number, dx: number): void {
  const { inChannels: channels, inHeight, inWidth, outHeight, outWidth, filterWidth } = info;
  const { strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const pixel = channels * 4;
  const rows = phases(inHeight, info.filterHeight, strideHeight, info.padInfo.top, dilationHeight);
  const columns = phases(inWidth, filterWidth, strideWidth, info.padInfo.left, dilationWidth);
  for (let image = 0; image < info.batchSize; image++) {
    for (const row of rows) {
      for (const column of columns) {
        heap.kernels.depthwiseCorrelate(
          dy + image * outHeight * outWidth * pixel,
          outHeight,
          outWidth,
          channels,
          row.start,
          column.start,
          1,
          1,
          dilationHeight,
          dilationWidth,
          filter + (row.last * filterWidth + column.last) * pixel,
          -strideHeight * filterWidth * pixel,
          -strideWidth * pixel,
          row.taps,
          column.taps,
          dx + ((image * inHeight + row.first) * inWidth + column.first) * pixel,
          row.count,
          column.count,
          strideHeight * inWidth * pixel,
          strideWidth * pixel,
        );
      }
    }
  }
}
