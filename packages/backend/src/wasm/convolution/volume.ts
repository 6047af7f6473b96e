import type { backend_util } from '@tensorflow/tfjs-core';
import type { Heap } from '../module/heap.js';

/** A three-dimensional convolution as TensorFlow.js lays it out. */
export type Info = backend_util.Conv3DInfo;

/** Volumes in memory, channels last. */
export interface Volume {
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Where a volume's corner lies in the volume around it, which may be outside, and how far apart its pixels are there.
 */
export interface Place {
  readonly front: number;
  readonly top: number;
  readonly left: number;
  readonly apart: readonly [number, number, number];
}

/** How many numbers a volume holds. */
export const floatsOf = ({ depth, height, width, channels }: Volume): number => depth * height * width * channels;

/** The input side of one image. */
export function inside(info: Info): Volume {
  return { depth: info.inDepth, height: info.inHeight, width: info.inWidth, channels: info.inChannels };
}

/** The padding before the input. */
export function cornerOf({ padInfo }: Info): { front: number; top: number; left: number } {
  return { front: padInfo.front, top: padInfo.top, left: padInfo.left };
}

/** What the window visits: the input and its padding, less what no window reaches. */
export function frameOf(info: Info): Volume {
  return {
    depth: (info.outDepth - 1) * info.strideDepth + info.effectiveFilterDepth,
    height: (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight,
    width: (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth,
    channels: info.inChannels,
  };
}

/** Copies a volume into the one around it, which holds zeros or an earlier volume at the same place. */
export function placeVolume(
  heap: Heap,
  source: number,
  volume: Volume,
  target: number,
  around: Volume,
  place: Place,
): void {
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
