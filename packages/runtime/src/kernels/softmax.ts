import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { writeWords } from './write-record.js';

/** Softmax of a vector, in place or elsewhere. */
export function softmax({ heap }: Engine, input: TileTensor, output: TileTensor): Command {
  const record = writeWords(heap, [input.address, output.address, input.channels]);
  return { kernel: 'softmax', record, items: 1, scratch: 0 };
}
