import type { TileTensor } from '../../engine/engine.js';
import { tileCount } from '../../engine/tensor.js';
import { OUTSIDE, UNUSED, vectorPacker } from '../window/packers.js';
import { placesFrom } from '../window/places.js';
import { pixelOffset } from '../window/runs.js';
import { axesOf, type Reach, reachesOf, type Tap, tapsOf, type Window } from '../window/window.js';

/**
 * What the tiles of a strided convolution read, dealt out into phases: pixels of the input that are a stride apart lie
 * side by side in scratch memory, so that neighbors of the output read neighbors.
 */
export interface Phases {
  /** Bytes of a channel in scratch memory. */
  readonly bytes: number;
  /** For every tile the masked vectors to pack. */
  readonly vectors: readonly (readonly number[])[];
  /** For every vector of every tile its places in scratch memory. */
  readonly places: readonly (readonly number[])[];
}

/** Rows and columns of one phase. */
interface Plane {
  readonly rows: Reach;
  readonly column: number;
  /** Floats of a row. */
  readonly pitch: number;
  /** Where it begins within a channel, in bytes. */
  readonly start: number;
}

/** The phases under a window, for vectors of so many floats. */
export function phasesUnder(window: Window, input: TileTensor, output: TileTensor, vector: number): Phases {
  const [rows, columns] = axesOf(window);
  const [rowTaps, columnTaps] = [tapsOf(rows), tapsOf(columns)];
  const tiles = Array.from({ length: tileCount(output) }, (_, tile) => rowsOf(output, tile));
  const tallest = Math.max(...tiles.map(([first, last]) => last - first + 1));
  let bytes = 0;
  const planes = reachesOf(rowTaps).flatMap(reach =>
    reachesOf(columnTaps).map(({ phase: column }): Plane => {
      const pitch = Math.max(0, Math.ceil((input.width - column) / columns.stride));
      const start = bytes;
      bytes += Math.ceil(((tallest + reach.last - reach.first) * pitch) / vector) * vector * 4;
      return { rows: reach, column, pitch, start };
    }),
  );
  const isRow = (row: number, { rows: { phase } }: Plane): boolean => {
    const y = row * rows.stride + phase;
    return y >= 0 && y < input.height;
  };
  const packer = vectorPacker(vector);
  const vectors = tiles.map(([first, last]) => {
    const list: number[] = [];
    for (const plane of planes) {
      const begin = first + plane.rows.first;
      const count = last + plane.rows.last - begin + 1;
      const sources = Array.from({ length: count * plane.pitch }, (_, i) => {
        const row = begin + Math.floor(i / plane.pitch);
        const x = (i % plane.pitch) * columns.stride + plane.column;
        return isRow(row, plane) ? pixelOffset(input, row * rows.stride + plane.rows.phase, x) : UNUSED;
      });
      packer.append(list, sources, plane.start, columns.stride);
    }
    return list;
  });
  const source = (y: number, x: number, tap: number, tile: number): number => {
    const [down, right] = [rowTaps[Math.floor(tap / columns.taps)], columnTaps[tap % columns.taps]] as [Tap, Tap];
    const plane = planes.find(({ rows: { phase }, column }) => phase === down.phase && column === right.phase) as Plane;
    const [row, column] = [y + down.shift, x + right.shift];
    if (!isRow(row, plane) || column < 0 || column >= plane.pitch) return OUTSIDE;
    const first = (tiles[tile] as readonly [number, number])[0] + plane.rows.first;
    return plane.start + ((row - first) * plane.pitch + column) * 4;
  };
  return { bytes, vectors, places: placesFrom(source, rows.taps * columns.taps, 1, output, vector) };
}

/** The first and last row of a tile's pixels. */
function rowsOf({ height, width, lanes }: TileTensor, tile: number): readonly [number, number] {
  const last = Math.min((tile + 1) * lanes, height * width) - 1;
  return [Math.floor((tile * lanes) / width), Math.floor(last / width)];
}
