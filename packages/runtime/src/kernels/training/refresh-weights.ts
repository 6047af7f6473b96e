import type { Command, Engine } from '../../engine/engine.js';
import type { PackedChunk } from '../convolution/pack-weights.js';
import { writeWords } from '../write-record.js';

/**
 * Fetches the weights of packed convolutions anew from a kernel at an address. The places of the nonzeros stay as they
 * are.
 *
 * @param indices - Where in that kernel the weights of the packed one are, for example those of {@link transposed};
 * without it the two are laid out alike.
 */
export function refreshWeights(
  { heap }: Engine,
  chunks: readonly PackedChunk[],
  kernel: number,
  indices?: Int32Array,
): Command {
  const rows = chunks.map(({ nonzeros, order }) => {
    const source = indices === undefined ? order : order.map(index => indices[index] as number);
    return [nonzeros, writeWords(heap, source), order.length];
  });
  return {
    kernel: 'refreshWeights',
    record: writeWords(heap, [kernel, ...rows.flat()]),
    items: rows.length,
    scratch: 0,
  };
}
