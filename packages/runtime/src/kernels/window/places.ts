import type { Heap, TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { writeWords } from '../write-record.js';
import { maskBit } from './packers.js';
import { pixelOffset } from './runs.js';
import { axesOf, type Window } from './window.js';

/** Byte offset of what a tap of a pixel of the output reads, which belongs to this tile; negative: nothing. */
export type Source = (y: number, x: number, tap: number, tile: number) => number;

/**
 * For every vector of every tile of the output, tap by tap, the straight lines of floats, `step` apart, that its pixels
 * meet: three words each, the byte offset at which the line would begin, the mask of the pixels on it, and the tap.
 */
export function placesFrom(
  source: Source,
  taps: number,
  step: number,
  output: TileTensor,
  vector: number,
): readonly (readonly number[])[] {
  const pixels = output.height * output.width;
  const lists: number[][] = [];
  for (let first = 0; first < tileCount(output) * output.lanes; first += vector) {
    const list: number[] = [];
    const tile = Math.floor(first / output.lanes);
    for (let tap = 0; tap < taps; tap++) {
      const lines = new Map<number, number>();
      for (let i = 0; i < vector && first + i < pixels; i++) {
        const y = Math.floor((first + i) / output.width);
        const at = source(y, first + i - y * output.width, tap, tile);
        const begin = at - i * step * 4;
        if (at >= 0) lines.set(begin, (lines.get(begin) ?? 0) | maskBit(i, step));
      }
      for (const [begin, mask] of lines) list.push(begin, mask, tap);
    }
    lists.push(list);
  }
  return lists;
}

/** The places under a window that reads the input where it lies. */
export function placesUnder(
  window: Window,
  input: TileTensor,
  output: TileTensor,
  vector: number,
): readonly (readonly number[])[] {
  const [rows, columns] = axesOf(window);
  const source: Source = (y, x, tap) => {
    const down = Math.floor(tap / columns.taps) * rows.dilation - rows.pad;
    const right = (tap % columns.taps) * columns.dilation - columns.pad;
    return pixelOffset(input, y * rows.stride + down, x * columns.stride + right);
  };
  return placesFrom(source, rows.taps * columns.taps, columns.stride, output, vector);
}

/**
 * Writes lists whose entries have so many words, and a table of where each begins and how many entries it has; returns
 * the address of the table.
 */
export function writeLists(heap: Heap, lists: readonly (readonly number[])[], entry: number): number {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const address = heap.allocate(Math.max(1, total) * 4);
  const words = heap.integers(address, total);
  let at = 0;
  return writeWords(
    heap,
    lists.flatMap(list => {
      words.set(list, at);
      const row = [address + at * 4, list.length / entry];
      at += list.length;
      return row;
    }),
  );
}

/** Words of a place. */
export const PLACE_WORDS = 3;
