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
  /** Weights that are written. */
  readonly count: number;
  /** Whether rows come in fours that share their places; see assembly/generate.mjs. */
  readonly quads: boolean;
  /**
   * Row of every entry where sums start here, counted from the chunk's first output: entries are sorted. Empty for
   * quads.
   */
  readonly sequence: Int32Array;
  /** Index into the kernel of every nonzero, in the order in which they lie in the heap. Empty for quads. */
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
  const { kernel } = spec;
  const { firstOutput, lastOutput } = chunk;
  const lines = linesOf(spec, chunk, offset);
  const counts = countRows(kernel, lines, lastOutput - firstOutput);
  const sequence = byLength(counts);
  const next = new Int32Array(counts.length);
  let count = 0;
  for (let place = 0; place < sequence.length; place++) {
    const m = sequence[place] as number;
    next[m] = count;
    count += counts[m] as number;
  }
  const order = new Int32Array(count);
  const nonzeros = heap.allocate(count * NONZERO_BYTES + 16);
  const words = heap.integers(nonzeros, count * 2);
  const weights = heap.floats(nonzeros, count * 2);
  for (const { begin, end, row, offset } of lines) {
    for (let index = begin, m = row; index < end; index++, m++) {
      const weight = kernel[index] as number;
      if (weight === 0) continue;
      const at = next[m] as number;
      next[m] = at + 1;
      order[at] = index;
      words[at * 2] = offset;
      weights[at * 2 + 1] = weight;
    }
  }
  // Every row's next place is now the end of its nonzeros.
  const { entries, lastEntry } = writeEntries(heap, spec, chunk, { sequence, counts, ends: next, nonzeros, lanes });
  return { chunk, entries, lastEntry, nonzeros, count, quads: false, sequence, order };
}

/** Kernel entries from `begin` up to `end`: the weights of one tap of one channel for rows that follow each other. */
interface Line {
  readonly begin: number;
  readonly end: number;
  /** The first of the rows, counted from the chunk's first output. */
  readonly row: number;
  readonly offset: number;
}

/** The lines of a chunk, channel by channel and tap by tap. */
function linesOf({ kernelShape, groups }: ConvolutionSpec, chunk: ChannelChunk, offset: InputOffset): readonly Line[] {
  const [height, width, inputsOfGroup, outputs] = kernelShape;
  const outputsOfGroup = outputs / groups;
  const { firstOutput, lastOutput, firstInput, inputs } = chunk;
  const lines: Line[] = [];
  for (let c = 0; c < inputs; c++) {
    const group = Math.floor((firstInput + c) / inputsOfGroup);
    const inGroup = firstInput + c - group * inputsOfGroup;
    const from = Math.max(firstOutput, group * outputsOfGroup);
    const to = Math.min(lastOutput, (group + 1) * outputsOfGroup);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const base = ((row * width + column) * inputsOfGroup + inGroup) * outputs;
        lines.push({ begin: base + from, end: base + to, row: from - firstOutput, offset: offset(c, row, column) });
      }
    }
  }
  return lines;
}

/** Nonzero weights of every row. */
function countRows(kernel: Float32Array, lines: readonly Line[], rows: number): Int32Array {
  const counts = new Int32Array(rows);
  for (const { begin, end, row } of lines) {
    for (let index = begin, m = row; index < end; index++, m++) {
      if (kernel[index] !== 0) counts[m] = (counts[m] as number) + 1;
    }
  }
  return counts;
}

/**
 * Rows in the order in which they are computed: equally long ones in a row, so that the processor foresees where they
 * end.
 */
function byLength(counts: Int32Array): Int32Array {
  return Int32Array.from(counts.keys()).sort((a, b) => (counts[a] as number) - (counts[b] as number) || a - b);
}

interface PackedRows {
  readonly sequence: Int32Array;
  readonly counts: Int32Array;
  /** Where each row's nonzeros end, in nonzeros. */
  readonly ends: Int32Array;
  readonly nonzeros: number;
  readonly lanes: number;
}

function writeEntries(
  heap: Heap,
  { bias, activation }: ConvolutionSpec,
  { firstOutput, starts, ends: finishes }: ChannelChunk,
  { sequence, counts, ends, nonzeros, lanes }: PackedRows,
): Pick<PackedChunk, 'entries' | 'lastEntry'> {
  const entries = heap.allocate(sequence.length * ENTRY_BYTES);
  const words = heap.integers(entries, sequence.length * 3);
  const floats = heap.floats(entries, sequence.length * 3);
  let at = 0;
  for (const m of sequence) {
    // A row without products has nothing to do unless its sum starts here or its activation is due.
    if (counts[m] === 0 && !starts && !(finishes && activation !== 'linear')) continue;
    words[at] = (firstOutput + m) * lanes * 4;
    words[at + 1] = nonzeros + (ends[m] as number) * NONZERO_BYTES;
    floats[at + 2] = bias?.[firstOutput + m] ?? 0;
    at += 3;
  }
  return { entries, lastEntry: entries + at * 4 };
}
