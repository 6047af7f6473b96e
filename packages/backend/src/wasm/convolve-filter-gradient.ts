import type { backend_util } from '@tensorflow/tfjs-core';
import { inputImages, outputImages } from './convolve.js';
import { frameImages } from './frame.js';
import type { Heap } from './heap.js';

type ConvInfo = backend_util.Conv2DInfo;

/** Bytes of x and dy that one band of lines may take, three quarters of a 32 KiB first-level cache. */
const BAND_BYTES = 24 * 1024;

/** The filter's gradient of a convolution, channels last, any stride, padding and dilation. */
export function convolveFilterGradient(heap: Heap, info: ConvInfo, x: number, dy: number, gradient: number): void {
  const { kernels } = heap;
  const { inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth, strideHeight, strideWidth } = info;
  const paddedIn = Math.ceil(inChannels / 4) * 4;
  const paddedOut = Math.ceil(outChannels / 8) * 8;
  const input = frameImages(heap, inputImages(info, x), {
    top: info.padInfo.top,
    left: info.padInfo.left,
    height: (outHeight - 1) * strideHeight + info.effectiveFilterHeight,
    width: (outWidth - 1) * strideWidth + info.effectiveFilterWidth,
    channels: paddedIn,
  });
  const output = frameImages(heap, outputImages(info, dy), {
    top: 0,
    left: 0,
    height: outHeight,
    width: outWidth,
    channels: paddedOut,
  });
  const taps = filterHeight * filterWidth;
  const padded = paddedIn !== inChannels || paddedOut !== outChannels;
  const sum = padded ? heap.zeros(taps * paddedIn * paddedOut) : gradient;
  if (!padded) kernels.clear(gradient, taps * inChannels * outChannels * 4);
  const lineBytes = (strideHeight * input.line + outWidth * paddedOut) * 4;
  const band = Math.max(1, Math.floor(BAND_BYTES / lineBytes));
  for (let image = 0; image < info.batchSize; image++) {
    kernels.filterGradient(
      input.at(image),
      strideWidth * paddedIn * 4,
      strideHeight * input.line * 4,
      info.dilationHeight * input.line * 4,
      info.dilationWidth * paddedIn * 4,
      paddedIn,
      output.at(image),
      outHeight,
      outWidth,
      paddedOut,
      filterHeight,
      filterWidth,
      sum,
      band,
    );
  }
  if (padded) kernels.unpadFilter(sum, gradient, taps, inChannels, outChannels, paddedIn, paddedOut);
}
