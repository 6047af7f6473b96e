import type { Heap } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import type { GradientRange, PackedChunk } from '../../kernels/index.js';
import type { BatchTensor } from './batch-tensor.js';

/** Words of an entry; the bias is the last. */
const ENTRY_WORDS = 3;

/** Gradients with respect to the weights in the order of the active weights. */
export function gatherGradients(
  heap: Heap,
  ranges: readonly GradientRange[],
  places: Int32Array,
  count: number,
): Float32Array {
  const result = new Float32Array(count);
  for (const { values, order } of ranges) {
    const floats = heap.floats(values, order.length);
    for (let i = 0; i < order.length; i++) result[places[order[i] as number] as number] = floats[i] as number;
  }
  return result;
}

/** A whole kernel of `size` entries with these values at their places, and zeros elsewhere. */
export function spreadOut(values: Float32Array, indices: Int32Array, size: number): Float32Array {
  const kernel = new Float32Array(size);
  for (let i = 0; i < values.length; i++) kernel[indices[i] as number] = values[i] as number;
  return kernel;
}

/** Sums over all pixels of all images, channel by channel, in double precision. */
export function sumPixels(heap: Heap, { tensors, first }: BatchTensor): Float32Array {
  const { channels, lanes, height, width, tileStride } = first;
  const sums = new Float64Array(channels);
  for (const tensor of tensors) {
    for (let tile = 0; tile < tileCount(tensor); tile++) {
      const floats = heap.floats(tensor.address + tile * tileStride, channels * lanes);
      const used = Math.min(lanes, height * width - tile * lanes);
      for (let c = 0, at = 0; c < channels; c++, at += lanes) {
        let sum = 0;
        for (let lane = 0; lane < used; lane++) sum += floats[at + lane] as number;
        sums[c] = (sums[c] as number) + sum;
      }
    }
  }
  return Float32Array.from(sums);
}

/** Writes the bias of every output into the chunks in which its sum begins. */
export function writeBias(heap: Heap, chunks: readonly PackedChunk[], bias: Float32Array): void {
  for (const { chunk, entries, sequence } of chunks) {
    if (!chunk.starts) continue;
    const rows = chunk.lastOutput - chunk.firstOutput;
    const floats = heap.floats(entries, rows * ENTRY_WORDS);
    for (let row = 0; row < rows; row++) {
      const output = chunk.firstOutput + (sequence[row] as number);
      floats[row * ENTRY_WORDS + ENTRY_WORDS - 1] = bias[output] as number;
    }
  }
}

/** Writes the active weights in their order, from a list of them or from a whole kernel. */
export function writeWeights(heap: Heap, address: number, indices: Int32Array, values: Float32Array): void {
  const weights = heap.floats(address, indices.length);
  if (values.length === weights.length) weights.set(values);
  else for (let i = 0; i < weights.length; i++) weights[i] = values[indices[i] as number] as number;
}
