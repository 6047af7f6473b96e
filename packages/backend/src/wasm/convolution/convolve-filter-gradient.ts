import type { backend_util } from '@tensorflow/tfjs-core';
import { frameImages, spreadChannels } from '../module/frame.js';
import type { Heap } from '../module/heap.js';
import { inputImages, outputImages } from './convolve.js';

type ConvInfo = backend_util.Conv2DInfo;

/** Bytes of x and dy that one band of lines may take, three quarters of a 32 KiB first-level cache. */
const BAND_BYTES = 24 * 1024;

/** Fewest positions that one visit to a tile of the sum adds up, so that loading and storing the tile costs little. */
export const FEWEST_POSITIONS = 128;

/** The filter's gradient of a convolution, channels last, any stride, padding and dilation. */
export function convolveFilterGradient(heap: Heap, info: ConvInfo, x: number, dy: number, gradient: number): void {
  const { kernels } = heap;
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const paddedIn = Math.ceil(inChannels / 4) * 4;
  const paddedOut = Math.ceil(outChannels / 8) * 8;
  const [xPixel, dyPixel] = [spreadChannels(inChannels, 4), spreadChannels(outChannels, 8)];
  const group = Math.max(1, Math.min(batchSize, Math.ceil(FEWEST_POSITIONS / (outHeight * outWidth))));
  const input = frameImages(
    heap,
    inputImages(info, x),
    {
      top: info.padInfo.top,
      left: info.padInfo.left,
      height: (outHeight - 1) * info.strideHeight + info.effectiveFilterHeight,
      width: (outWidth - 1) * info.strideWidth + info.effectiveFilterWidth,
      channels: xPixel,
    },
    group,
  );
  const whole = { top: 0, left: 0, height: outHeight, width: outWidth, channels: dyPixel };
  const output = frameImages(heap, outputImages(info, dy), whole, group);
  const taps = filterHeight * filterWidth;
  const padded = paddedIn !== inChannels || paddedOut !== outChannels;
  const sum = padded ? heap.scratch(taps * paddedIn * paddedOut) : gradient;
  kernels.clear(sum, taps * paddedIn * paddedOut * 4);
  const lineBytes = (info.strideHeight * input.line + outWidth * dyPixel) * 4;
  const band = Math.max(1, Math.floor(BAND_BYTES / lineBytes), Math.ceil(FEWEST_POSITIONS / outWidth));
  for (let first = 0; first < batchSize; first += group) {
    const images = Math.min(group, batchSize - first);
    kernels.filterGradient(
      input.at(first, images),
      info.strideWidth * xPixel * 4,
      info.strideHeight * input.line * 4,
      input.image * 4,
      info.dilationHeight * input.line * 4,
      info.dilationWidth * xPixel * 4,
      paddedIn,
      output.at(first, images),
      dyPixel * 4,
      output.line * 4,
      output.image * 4,
      images,
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
