import type { Heap } from '../../engine/engine.js';
import type { ChannelChunk } from './chunks.js';
import type { InputOffset, PackedChunk } from './pack-weights.js';
import type { ConvolutionSpec } from './spec.js';

/** Rows of a quad; 32-bit words of its entry and of a nonzero. */
const ROWS = 4;
const ENTRY_WORDS = 9;
const NONZERO_WORDS = 5;

/** Where weights came from is kept for those that can be exchanged, which these cannot. */
const NONE = new Int32Array();

/** Whether the rows of a chunk can be taken four at a time. */
export function isFourfold({ groups }: ConvolutionSpec, { firstOutput, lastOutput }: ChannelChunk): boolean {
  return groups === 1 && (lastOutput - firstOutput) % ROWS === 0;
}

/** Whether no weight of a chunk is 0. */
export function isFull({ kernel, kernelShape }: ConvolutionSpec, chunk: ChannelChunk): boolean {
  const [height, width, inputs, outputs] = kernelShape;
  const { firstInput, inputs: channels, firstOutput, lastOutput } = chunk;
  for (let tap = 0; tap < height * width; tap++) {
    for (let c = firstInput; c < firstInput + channels; c++) {
      const base = (tap * inputs + c) * outputs;
      for (let m = firstOutput; m < lastOutput; m++) if (kernel[base + m] === 0) return false;
    }
  }
  return true;
}

/** Writes all weights of a chunk, four output channels side by side. */
export function packQuads(
  heap: Heap,
  { kernel, kernelShape, bias }: ConvolutionSpec,
  chunk: ChannelChunk,
  lanes: number,
  offset: InputOffset,
): PackedChunk {
  const [height, width, inputs, outputs] = kernelShape;
  const { firstInput, inputs: channels, firstOutput, lastOutput } = chunk;
  const count = (lastOutput - firstOutput) / ROWS;
  const size = height * width * channels;
  const nonzeros = heap.allocate(count * size * NONZERO_WORDS * 4 + 16);
  const entries = heap.allocate(count * ENTRY_WORDS * 4);
  const [words, floats] = [
    heap.integers(nonzeros, count * size * NONZERO_WORDS),
    heap.floats(nonzeros, count * size * NONZERO_WORDS),
  ];
  const [entryWords, entryFloats] = [
    heap.integers(entries, count * ENTRY_WORDS),
    heap.floats(entries, count * ENTRY_WORDS),
  ];
  const offsets = new Int32Array(size);
  for (let c = 0, at = 0; c < channels; c++) {
    for (let tap = 0; tap < height * width; tap++) offsets[at++] = offset(c, Math.floor(tap / width), tap % width);
  }
  for (let quad = 0, at = 0; quad < count; quad++) {
    const m = firstOutput + quad * ROWS;
    for (let c = 0, place = 0; c < channels; c++) {
      for (let tap = 0; tap < height * width; tap++, at += NONZERO_WORDS) {
        words[at] = offsets[place++] as number;
        const base = (tap * inputs + firstInput + c) * outputs + m;
        for (let row = 0; row < ROWS; row++) floats[at + 1 + row] = kernel[base + row] as number;
      }
    }
    entryWords[quad * ENTRY_WORDS] = nonzeros + at * 4;
    for (let row = 0; row < ROWS; row++) {
      entryWords[quad * ENTRY_WORDS + 1 + 2 * row] = (m + row) * lanes * 4;
      entryFloats[quad * ENTRY_WORDS + 2 + 2 * row] = bias?.[m + row] ?? 0;
    }
  }
  const lastEntry = entries + count * ENTRY_WORDS * 4;
  return { chunk, entries, lastEntry, nonzeros, count: count * size * ROWS, quads: true, sequence: NONE, order: NONE };
}
