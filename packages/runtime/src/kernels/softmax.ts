import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { tileCount } from '../engine/tensor.js';
import { writeWords } from './write-record.js';

/** Softmax of a vector, or of the channels of every pixel of an image; in place or elsewhere. */
export function softmax({ heap }: Engine, input: TileTensor, output: TileTensor): Command {
  const { channels, lanes } = input;
  if (lanes === 1) {
    const record = writeWords(heap, [input.address, output.address, channels]);
    return { kernel: 'softmax', record, items: 1, scratch: 0 };
  }
  const words = [input.address, input.tileStride, output.address, output.tileStride, channels, lanes];
  return { kernel: 'softmaxOfChannels', record: writeWords(heap, words), items: tileCount(output), scratch: 0 };
}
