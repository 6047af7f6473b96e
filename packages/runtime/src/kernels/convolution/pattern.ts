import type { Heap, TileTensor } from '../../engine/engine.js';
import { windowLayout } from '../window/layout.js';
import type { Packer } from '../window/packers.js';
import type { WindowLayout } from '../window/tile-groups.js';
import { writeGroups } from '../window/write-groups.js';
import { writeWords } from '../write-record.js';
import { chunksOf } from './chunks.js';
import { isFourfold, isFull, packQuads } from './pack-quads.js';
import { type PackedChunk, packChunk } from './pack-weights.js';
import { type ConvolutionSpec, type ConvolutionVariant, windowOf } from './spec.js';
import { splitOutputs } from './splits.js';

/** The nonzeros of a convolution and the pixels under its windows, as the kernels read them. */
export interface Pattern {
  readonly layout: WindowLayout;
  /** Address of the table of tile groups. */
  readonly groupTable: number;
  /** Address of the table of splits. */
  readonly splitTable: number;
  /** Chunks of every split. */
  readonly splits: readonly (readonly PackedChunk[])[];
  /** Bytes of scratch memory. */
  readonly scratch: number;
}

/** Writes the pattern of a convolution between two tensors into the heap; full rows in quads where that is wanted. */
export function packPattern(
  heap: Heap,
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
  { chunk, tiles, splits: count, full = false }: ConvolutionVariant,
  quads = false,
  packer?: Packer,
): Pattern {
  const layout = windowLayout(windowOf(spec), input, output, tiles, packer);
  const channelBytes = layout.channelBytes || input.lanes * 4;
  const offset = (channel: number, row: number, column: number): number =>
    channel * channelBytes + layout.tap(row, column);
  const ranges = splitOutputs(spec, count);
  const splits = ranges.map(([first, last]) =>
    chunksOf([input.channels, output.channels], spec.groups, chunk, first, last).map(range =>
      quads && isFourfold(spec, range) && (full || isFull(spec, range))
        ? packQuads(heap, spec, range, output.lanes, offset)
        : packChunk(heap, spec, range, output.lanes, offset),
    ),
  );
  const most = Math.max(...splits.flat().map(packed => packed.chunk.inputs));
  return {
    layout,
    groupTable: writeGroups(heap, layout.groups),
    splitTable: writeWords(
      heap,
      splits.flatMap((chunks, index) => {
        const [first, last] = ranges[index] as readonly [number, number];
        return [writeChunks(heap, chunks), chunks.length, first, last - first];
      }),
    ),
    splits,
    scratch: layout.channelBytes * most + 64,
  };
}

function writeChunks(heap: Heap, chunks: readonly PackedChunk[]): number {
  return writeWords(
    heap,
    chunks.flatMap(({ chunk, entries, lastEntry, nonzeros, quads, count }) => [
      entries,
      lastEntry,
      nonzeros,
      chunk.firstInput,
      chunk.inputs,
      (chunk.starts ? 1 : 0) + (chunk.ends ? 2 : 0) + (quads ? 4 : 0),
      count,
    ]),
  );
}
