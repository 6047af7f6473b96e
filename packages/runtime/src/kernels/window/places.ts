import type { Heap, TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { writeWords } from '../write-record.js';
import { maskBit } from './packers.js';
import { pixelOffset } from './runs.js';
import { axesOf, type Window } from './window.js';

/**
 * For every vector of every tile of the output, tap by tap, the straight lines of the input's pixels that its pixels
 * meet: three words each, the byte offset at which the line would begin, the mask of the pixels on it, and the tap.
 */
export function placesUnder(
  window: Window,
  input: TileTensor,
  output: TileTensor,
  vector: number,
): readonly (readonly number[])[] {
  const [rows, columns] = axesOf(window);
  const pixels = output.height * output.width;
  const lists: number[][] = [];
  for (let first = 0; first < tileCount(output) * output.lanes; first += vector) {
    const list: number[] = [];
    for (let tap = 0; tap < rows.taps * columns.taps; tap++) {
      const down = Math.floor(tap / columns.taps) * rows.dilation - rows.pad;
      const right = (tap % columns.taps) * columns.dilation - columns.pad;
      const lines = new Map<number, number>();
      for (let i = 0; i < vector && first + i < pixels; i++) {
        const y = Math.floor((first + i) / output.width);
        const x = first + i - y * output.width;
        const source = pixelOffset(input, y * rows.stride + down, x * columns.stride + right);
        const begin = source - i * columns.stride * 4;
        if (source >= 0) lines.set(begin, (lines.get(begin) ?? 0) | maskBit(i, columns.stride));
      }
      for (const [begin, mask] of lines) list.push(begin, mask, tap);
    }
    lists.push(list);
  }
  return lists;
}

/** Writes what lies under every vector of the output, and a table of where each begins and how many there are. */
export function writePlaces(heap: Heap, window: Window, input: TileTensor, output: TileTensor, vector: number): number {
  const lists = placesUnder(window, input, output, vector);
  const words = lists.reduce((sum, list) => sum + list.length, 0);
  const address = heap.allocate(Math.max(1, words) * 4);
  const places = heap.integers(address, words);
  let at = 0;
  return writeWords(
    heap,
    lists.flatMap(list => {
      places.set(list, at);
      const row = [address + at * 4, list.length / 3];
      at += list.length;
      return row;
    }),
  );
}
