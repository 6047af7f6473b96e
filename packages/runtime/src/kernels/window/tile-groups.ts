import type { TileTensor } from '../../engine/engine.js';

/** Tiles of the output that one packing of the input serves: `first`, `first + step`, ... */
export interface TileGroup {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** What to pack; see `appendRuns`. Empty where the input is read in place. */
  readonly runs: readonly number[];
}

/** How the pixels under the windows of a tile lie in scratch memory, the same for every tile. */
export interface WindowLayout {
  /** Bytes of one channel in scratch memory; 0 where the input is read in place. */
  readonly channelBytes: number;
  /** Bytes from one tile of a group to the next. */
  readonly step: number;
  /** Byte offset of a tap within a channel. */
  tap(row: number, column: number): number;
  readonly groups: readonly TileGroup[];
}

/** Groups of tiles that follow each other. */
export function consecutive(output: TileTensor, tiles: number): readonly Omit<TileGroup, 'runs'>[] {
  const total = Math.ceil((output.height * output.width) / output.lanes);
  return Array.from({ length: Math.ceil(total / tiles) }, (_, g) => ({
    first: g * tiles,
    step: 1,
    count: Math.min(tiles, total - g * tiles),
  }));
}
