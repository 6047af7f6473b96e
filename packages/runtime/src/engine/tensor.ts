import type { Heap, TileTensor } from './engine.js';

/** Height, width and channels of an image. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Tiles of an image. */
export function tileCount(image: { readonly height: number; readonly width: number; readonly lanes: number }): number {
  return Math.ceil((image.height * image.width) / image.lanes);
}

/** Bytes that a tensor takes, to a multiple of 64. */
export function tensorBytes(shape: ImageShape, lanes: number): number {
  const bytes = tileCount({ ...shape, lanes }) * shape.channels * lanes * 4;
  return Math.ceil(bytes / 64) * 64;
}

/** The tensor of a shape at an address. */
export function tensorAt(address: number, shape: ImageShape, lanes: number): TileTensor {
  const { height, width, channels } = shape;
  return { address, height, width, channels, lanes, tileStride: channels * lanes * 4 };
}

/** A new tensor. */
export function allocateTensor(heap: Heap, shape: ImageShape, lanes: number): TileTensor {
  return tensorAt(heap.allocate(tensorBytes(shape, lanes)), shape, lanes);
}

/** The vector of `length` floats at an address: a tensor of one pixel and one lane. */
export function vectorAt(address: number, length: number): TileTensor {
  return tensorAt(address, { height: 1, width: 1, channels: length }, 1);
}

/** A new vector. */
export function allocateVector(heap: Heap, length: number): TileTensor {
  return vectorAt(heap.allocate(Math.ceil(length / 16) * 64), length);
}

/**
 * Channels `first` to `first + channels` of a tensor, in place: what is written into the view is written into the
 * tensor.
 */
export function channelView(tensor: TileTensor, first: number, channels: number): TileTensor {
  return { ...tensor, address: tensor.address + first * tensor.lanes * 4, channels };
}
