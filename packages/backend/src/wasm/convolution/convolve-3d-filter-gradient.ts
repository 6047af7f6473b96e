import { spreadChannels } from '../module/frame.js';
import type { Heap } from '../module/heap.js';
import { FEWEST_POSITIONS } from './convolve-filter-gradient.js';
import { cornerOf, floatsOf, frameOf, type Info, inside, type Place, placeVolume, type Volume } from './volume.js';

/** The filter's gradient of a three-dimensional convolution: one of two dimensions for every depth of dy and filter. */
export function convolve3dFilterGradient(heap: Heap, info: Info, x: number, dy: number, gradient: number): void {
  const { kernels } = heap;
  const { filterDepth, filterHeight, filterWidth, inChannels, outChannels, outDepth, outHeight, outWidth } = info;
  const [paddedIn, paddedOut] = [Math.ceil(inChannels / 4) * 4, Math.ceil(outChannels / 8) * 8];
  const whole = inside(info);
  const out: Volume = { depth: outDepth, height: outHeight, width: outWidth, channels: outChannels };
  const around: Volume = { ...frameOf(info), channels: spreadChannels(inChannels, 4) };
  const aroundOut: Volume = { ...out, channels: spreadChannels(outChannels, 8) };
  const [frame, outFrame] = [heap.zeros(floatsOf(around)), heap.zeros(floatsOf(aroundOut))];
  const plane = filterHeight * filterWidth * paddedIn * paddedOut;
  const sum = heap.zeros(filterDepth * plane);
  const [line, outLine] = [around.width * around.channels * 4, outWidth * aroundOut.channels * 4];
  const place: Place = { ...cornerOf(info), apart: [1, 1, 1] };
  for (let n = 0; n < info.batchSize; n++) {
    placeVolume(heap, x + n * floatsOf(whole) * 4, whole, frame, around, place);
    placeVolume(heap, dy + n * floatsOf(out) * 4, out, outFrame, aroundOut, {
      front: 0,
      top: 0,
      left: 0,
      apart: [1, 1, 1],
    });
    for (let tap = 0; tap < filterDepth; tap++) {
      for (let z = 0; z < outDepth; z++) {
        kernels.filterGradient(
          frame + (z * info.strideDepth + tap * info.dilationDepth) * around.height * line,
          info.strideWidth * around.channels * 4,
          info.strideHeight * line,
          0,
          info.dilationHeight * line,
          info.dilationWidth * around.channels * 4,
          paddedIn,
          outFrame + z * outHeight * outLine,
          aroundOut.channels * 4,
          outLine,
          0,
          1,
          outHeight,
          outWidth,
          paddedOut,
          filterHeight,
          filterWidth,
          sum + tap * plane * 4,
          Math.ceil(FEWEST_POSITIONS / outWidth),
        );
      }
    }
  }
  kernels.unpadFilter(
    sum,
    gradient,
    filterDepth * filterHeight * filterWidth,
    inChannels,
    outChannels,
    paddedIn,
    paddedOut,
  );
}
