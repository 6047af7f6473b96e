import type { Heap } from '../module/heap.js';
import { cornerOf, floatsOf, type Info, inside, type Place, placeVolume, type Volume } from './volume.js';

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
