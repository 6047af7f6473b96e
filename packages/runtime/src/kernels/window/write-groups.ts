import type { Heap } from '../../engine/engine.js';
import { writeWords } from '../write-record.js';
import { RUN_WORDS } from './runs.js';
import type { TileGroup } from './tile-groups.js';

/** Writes groups and their runs as the kernels read them and returns the address of the table. */
export function writeGroups(heap: Heap, groups: readonly TileGroup[]): number {
  const total = groups.reduce((sum, group) => sum + group.runs.length, 0);
  const runs = heap.allocate(total * 4 + 16);
  const words = heap.integers(runs, total);
  let at = 0;
  return writeWords(
    heap,
    groups.flatMap(group => {
      words.set(group.runs, at);
      const row = [runs + at * 4, group.runs.length / RUN_WORDS, group.first, group.step, group.count];
      at += group.runs.length;
      return row;
    }),
  );
}
