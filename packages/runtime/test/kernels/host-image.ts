import type { Engine, TileTensor } from '../../src/engine/engine.js';
import { allocateTensor, type ImageShape, tileCount } from '../../src/engine/tensor.js';

/** An image on the host. */
export interface HostImage extends ImageShape {
  readonly values: Float32Array;
}

/** Repeatable noise in -1 ... 1. */
export function noise(length: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Noise of which a fraction is zero. */
export function sparseNoise(length: number, density: number, seed: number): Float32Array {
  const chance = noise(length, seed + 1000);
  return noise(length, seed).map((value, i) => (((chance[i] as number) + 1) / 2 < density ? value : 0));
}

/** An image of noise. */
export function noiseImage(shape: ImageShape, seed: number): HostImage {
  return { ...shape, values: noise(shape.height * shape.width * shape.channels, seed) };
}

const position = (image: TileTensor, pixel: number, channel: number): number =>
  (Math.floor(pixel / image.lanes) * image.tileStride) / 4 + channel * image.lanes + (pixel % image.lanes);

/** Copies an image into a tensor. */
export function writeTensor({ heap }: Engine, tensor: TileTensor, { values }: HostImage): void {
  const { channels, height, width, address } = tensor;
  const floats = heap.floats(
    address,
    (tileCount(tensor) * tensor.tileStride) / 4 - (tensor.tileStride / 4 - channels * tensor.lanes),
  );
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++) floats[position(tensor, p, c)] = values[p * channels + c] as number;
}

/** Copies an image out of a tensor. */
export function readTensor({ heap }: Engine, tensor: TileTensor): Float32Array {
  const { channels, height, width, address } = tensor;
  const floats = heap.floats(
    address,
    (tileCount(tensor) * tensor.tileStride) / 4 - (tensor.tileStride / 4 - channels * tensor.lanes),
  );
  const values = new Float32Array(height * width * channels);
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++) values[p * channels + c] = floats[position(tensor, p, c)] as number;
  return values;
}

/** A new tensor that holds an image; its spare lanes hold NaN, which must never reach a result. */
export function tensorOf(engine: Engine, image: HostImage, lanes: number): TileTensor {
  const tensor = emptyTensor(engine, image, lanes);
  writeTensor(engine, tensor, image);
  return tensor;
}

/** A new tensor full of NaN. */
export function emptyTensor(engine: Engine, shape: ImageShape, lanes: number): TileTensor {
  const tensor = allocateTensor(engine.heap, shape, lanes);
  engine.heap.floats(tensor.address, (tileCount(tensor) * tensor.tileStride) / 4).fill(Number.NaN);
  return tensor;
}
