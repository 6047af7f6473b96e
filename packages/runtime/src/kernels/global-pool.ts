import type { Command, Engine, TileTensor } from '../engine/engine.js';
import type { GlobalPoolNode } from '../graph/graph.js';
import { floatBits, writeWords } from './write-record.js';

/** Channels of a work item. */
const BLOCK = 16;

/** Average or maximum of every channel, as a vector; NaN where a channel has one. */
export function globalPool(
  { heap }: Engine,
  mode: GlobalPoolNode['mode'],
  input: TileTensor,
  output: TileTensor,
): Command {
  const pixels = input.height * input.width;
  const record = writeWords(heap, [
    input.lanes,
    input.channels,
    input.address,
    input.tileStride,
    pixels,
    output.address,
    mode === 'average' ? floatBits(1 / pixels) : 0,
  ]);
  return { kernel: 'globalPool', record, items: Math.ceil(input.channels / BLOCK), scratch: 0 };
}
