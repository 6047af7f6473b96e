import type { Heap } from '../../engine/engine.js';
import type { ChannelChunk } from './chunks.js';
import type { ConvolutionSpec } from './spec.js';

/** Bytes of an entry (row offset, end of its nonzeros, bias) and of a nonzero (input offset, weight). */
const ENTRY_BYTES = 12;
const NONZERO_BYTES = 8;

/** Byte offset of a tap of a channel, counted from the chunk's first channel. */
export type InputOffset = (channel: number, row: number, column: number) => number;

/** One chunk as it lies in the heap. */
export interface PackedChunk {
  readonly chunk: ChannelChunk;
  readonly entries: number;
  readonly lastEntry: number;
  readonly nonzeros: number;
  /** Index into the kernel of every nonzero, in the order in which they lie in the heap. */
  readonly order: Int32Array;
}

/** Writes the nonzero weights of one chunk, output channel by output channel, in the order of the input channels. */
export function packChunk(
  heap: Heap,
  spec: ConvolutionSpec,
  chunk: ChannelChunk,
  lanes: number,
  offset: InputOffset,
): PackedChunk {
  const { kernel, kernelShape, groups } = spec;
  const [height, width, inputsOfGroup, outputs] = kernelShape;
  const outputsOfGroup = outputs / groups;
  const { firstOutput, lastOutput, firstInput, inputs } = chunk;
  const rows = lastOutput - firstOutput;
  const visit = (
    found: (output: number, index: number, channel: number, row: number, column: number) => void,
  ): void => {
    for (let c = 0; c < inputs; c++) {
      const group = Math.floor((firstInput + c) / inputsOfGroup);
      const inGroup = firstInput + c - group * inputsOfGroup;
      const from = Math.max(firstOutput, group * outputsOfGroup);
      const to = Math.min(lastOutput, (group + 1) * outputsOfGroup);
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const base = ((row * width + column) * inputsOfGroup + inGroup) * outputs;
          for (let m = from; m < to; m++) if (kernel[base + m] !== 0) found(m - firstOutput, base + m, c, row, column);
        }
      }
    }
  };
  const ends = new Int32Array(rows + 1);
  visit(m => {
    ends[m + 1] = (ends[m + 1] as number) + 1;
  });
  for (let m = 0; m < rows; m++) ends[m + 1] = (ends[m + 1] as number) + (ends[m] as number);
  const next = ends.slice(0, rows);
  const count = ends[rows] as number;
  const order = new Int32Array(count);
  const nonzeros = heap.allocate(count * NONZERO_BYTES + 16);
  const words = heap.integers(nonzeros, count * 2);
  const weights = heap.floats(nonzeros, count * 2);
  visit((m, index, channel, row, column) => {
    const at = next[m] as number;
    next[m] = at + 1;
    order[at] = index;
    words[at * 2] = offset(channel, row, column);
    weights[at * 2 + 1] = kernel[index] as number;
  });
  const { entries, lastEntry } = writeEntries(heap, spec, chunk, ends, nonzeros, lanes);
  return { chunk, entries, lastEntry, nonzeros, order };
}

function writeEntries(
  heap: Heap,
  { bias, activation }: ConvolutionSpec,
  { firstOutput, starts, ends: finishes }: ChannelChunk,
  ends: Int32Array,
  nonzeros: number,
  lanes: number,
): Pick<PackedChunk, 'entries' | 'lastEntry'> {
  const rows = ends.length - 1;
  const entries = heap.allocate(rows * ENTRY_BYTES);
  const words = heap.integers(entries, rows * 3);
  const floats = heap.floats(entries, rows * 3);
  let at = 0;
  for (let m = 0; m < rows; m++) {
    // A row without products has nothing to do unless its sum starts here or its activation is due.
    if (ends[m] === ends[m + 1] && !starts && !(finishes && activation !== 'linear')) continue;
    words[at] = (firstOutput + m) * lanes * 4;
    words[at + 1] = nonzeros + (ends[m + 1] as number) * NONZERO_BYTES;
    floats[at + 2] = bias?.[firstOutput + m] ?? 0;
    at += 3;
  }
  return { entries, lastEntry: entries + at * 4 };
}
