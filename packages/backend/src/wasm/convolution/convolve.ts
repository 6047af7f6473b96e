import type { backend_util } from '@tensorflow/tfjs-core';
import { frameImages, type Images } from '../module/frame.js';
import type { Heap } from '../module/heap.js';

type ConvInfo = backend_util.Conv2DInfo;

/** Optional last steps of a forward convolution. */
export interface Epilogue {
  /** Address of one float per output channel that is added. */
  readonly bias?: number;
  /** Whether negative results become 0. */
  readonly clamp?: boolean;
}

/** y = x * filter, channels last, any stride, padding and dilation. Addresses of float32 data. */
export function convolve(
  heap: Heap,
  info: ConvInfo,
  x: number,
  filter: number,
  y: number,
  epilogue: Epilogue = {},
): void {
  const { kernels } = heap;
  const { inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const blocks = Math.ceil(outChannels / 8);
  const panels = heap.scratch(blocks * 8 * filterHeight * filterWidth * inChannels);
  const filterLine = filterWidth * inChannels * outChannels;
  kernels.packPanels(
    filter,
    panels,
    filterHeight,
    filterWidth,
    inChannels,
    outChannels,
    filterLine,
    inChannels * outChannels,
    outChannels,
    1,
  );
  const bias = heap.zeros(blocks * 8);
  if (epilogue.bias !== undefined) kernels.placeImage(epilogue.bias, bias, 1, 1, outChannels, 0, 0, 1, 1, outChannels);
  const frame = frameImages(heap, inputImages(info, x), {
    top: info.padInfo.top,
    left: info.padInfo.left,
    height: (outHeight - 1) * strideHeight + info.effectiveFilterHeight,
    width: (outWidth - 1) * strideWidth + info.effectiveFilterWidth,
    channels: inChannels,
  });
  const dilated = info.dilationWidth > 1;
  const spare = heap.scratch(8);
  for (let image = 0; image < info.batchSize; image++) {
    kernels.correlate(
      frame.at(image),
      strideWidth * inChannels * 4,
      strideHeight * frame.line * 4,
      filterHeight,
      info.dilationHeight * frame.line * 4,
      dilated ? filterWidth : 1,
      info.dilationWidth * inChannels * 4,
      dilated ? inChannels : filterWidth * inChannels,
      panels,
      bias,
      epilogue.clamp ?? false,
      y + image * outHeight * outWidth * outChannels * 4,
      outChannels * 4,
      outWidth * outChannels * 4,
      outHeight,
      outWidth,
      outChannels,
      spare,
    );
  }
}

/** The input side of a convolution as a batch of images at `address`. */
export function inputImages(info: ConvInfo, address: number): Images {
  return { address, count: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels };
}

/** The output side of a convolution as a batch of images at `address`. */
export function outputImages(info: ConvInfo, address: number): Images {
  return { address, count: info.batchSize, height: info.outHeight, width: info.outWidth, channels: info.outChannels };
}
