import type { backend_util } from '@tensorflow/tfjs-core';
import { spreadChannels } from '../module/frame.js';
import type { Heap } from '../module/heap.js';
import { FEWEST_POSITIONS } from './convolve-filter-gradient.js';

type Info = backend_util.Conv3DInfo;

/** Volumes in memory, channels last. */
interface Volume {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Where a volume's corner lies in the volume around it, which may be outside, and how far apart its pixels are there. */
interface Place {
  readonly front: number;
  readonly top: number;
  readonly left: number;
  readonly apart: readonly [number, number, number];
}

const floatsOf = ({ depth, height, width, channels }: Volume): number => depth * height * width * channels;

/** dx of a three-dimensional convolution: dy, its pixels a stride apart, under the filter in reverse order. */
export function convolve3dInputGradient(heap: Heap, info: Info, dy: number, filter: number, dx: number): void {
  const { filterDepth, filterHeight, filterWidth, inChannels, outChannels } = info;
  const taps = filterDepth * filterHeight * filterWidth;
  const tap = inChannels * outChannels;
  const panels = heap.scratch(Math.ceil(inChannels / 8) * 8 * taps * outChannels);
  heap.kernels.packPanels(
    filter + (taps - 1) * tap * 4,
    panels,
    filterDepth * filterHeight,
    filterWidth,
    outChannels,
    inChannels,
    -filterWidth * tap,
    -tap,
    1,
    outChannels,
  );
  const gradient: Volume = {
    depth: info.outDepth,
    height: info.outHeight,
    width: info.outWidth,
    channels: outChannels,
  };
  const whole = inside(info);
  const around: Volume = {
    depth: whole.depth + info.effectiveFilterDepth - 1,
    height: whole.height + info.effectiveFilterHeight - 1,
    width: whole.width + info.effectiveFilterWidth - 1,
    channels: outChannels,
  };
  const frame = heap.zeros(floatsOf(around));
  const { front, top, left } = cornerOf(info);
  const place: Place = {
    front: info.effectiveFilterDepth - 1 - front,
    top: info.effectiveFilterHeight - 1 - top,
    left: info.effectiveFilterWidth - 1 - left,
    apart: [info.strideDepth, info.strideHeight, info.strideWidth],
  };
  for (let n = 0; n < info.batchSize; n++) {
    placeVolume(heap, dy + n * floatsOf(gradient) * 4, gradient, frame, around, place);
    correlate3d(heap, info, frame, around, panels, dx + n * floatsOf(whole) * 4, whole);
  }
}

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

/** The input side of one image. */
function inside(info: Info): Volume {
  return { depth: info.inDepth, height: info.inHeight, width: info.inWidth, channels: info.inChannels };
}

/** The padding before the input. */
function cornerOf({ padInfo }: Info): { front: number; top: number; left: number } {
  return { front: padInfo.front, top: padInfo.top, left: padInfo.left };
}

/** What the window visits: the input and its padding, less what no window reaches. */
function frameOf(info: Info): Volume {
  return {
    depth: (info.outDepth - 1) * info.strideDepth + info.effectiveFilterDepth,
    height: (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight,
    width: (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth,
    channels: info.inChannels,
  };
}

/** Slides the packed filter over a framed volume, pixel by pixel. Fills every number of `out`. */
function correlate3d(
  heap: Heap,
  info: Info,
  frame: number,
  around: Volume,
  panels: number,
  target: number,
  out: Volume,
): void {
  const bias = heap.zeros(Math.ceil(out.channels / 8) * 8);
  const spare = heap.scratch(8);
  const pixel = around.channels * 4;
  const line = around.width * pixel;
  const plane = around.height * line;
  for (let z = 0; z < out.depth; z++) {
    heap.kernels.correlate(
      frame + z * plane,
      pixel,
      line,
      info.filterDepth,
      plane,
      info.filterHeight,
      line,
      info.filterWidth * around.channels,
      panels,
      bias,
      false,
      target + z * out.height * out.width * out.channels * 4,
      out.channels * 4,
      out.width * out.channels * 4,
      out.height,
      out.width,
      out.channels,
      spare,
    );
  }
}

/** Copies a volume into the one around it, which holds zeros or an earlier volume at the same place. */
function placeVolume(heap: Heap, source: number, volume: Volume, target: number, around: Volume, place: Place): void {
  const { depth, height, width, channels } = volume;
  const floats = new Float32Array(heap.backend.wasm.HEAPU8.buffer);
  const [apartDepth, apartHeight, apartWidth] = place.apart;
  for (let z = 0; z < depth; z++) {
    const toZ = place.front + z * apartDepth;
    if (toZ < 0 || toZ >= around.depth) continue;
    for (let y = 0; y < height; y++) {
      const toY = place.top + y * apartHeight;
      if (toY < 0 || toY >= around.height) continue;
      for (let x = 0; x < width; x++) {
        const toX = place.left + x * apartWidth;
        if (toX < 0 || toX >= around.width) continue;
        const from = source / 4 + ((z * height + y) * width + x) * channels;
        const to = target / 4 + ((toZ * around.height + toY) * around.width + toX) * around.channels;
        floats.copyWithin(to, from, from + channels);
      }
    }
  }
}
