import type { TileTensor } from '../../engine/engine.js';
import { type ConvolutionSpec, windowOf } from '../convolution/spec.js';
import { startsOf } from '../window/placement.js';
import { appendRuns, pixelOffset } from '../window/runs.js';
import type { TileGroup } from '../window/tile-groups.js';
import { axesOf, reachesOf, type Tap, tapsOf } from '../window/window.js';
import { NEIGHBORS, POINTS } from './transform-weights.js';

/** Output rows of a work item: as many fours of pixels as fill whole vectors, however many are done at once. */
export const GROUP_ROWS = 4;

/** Marks a row that no tap looks at. */
const UNUSED = -1;

/** Columns that are a stride apart. */
interface Phase {
  /** Columns of the kernel that meet it, from left to right. */
  readonly taps: readonly number[];
  /** Byte offset of its first float in a packed row. */
  readonly start: number;
}

/** How rows of the input lie in scratch memory: as they are, and transformed. */
export interface WinogradLayout {
  readonly phases: readonly Phase[];
  /** Rows of the input under a group of output rows, and the bytes of one. */
  readonly rows: number;
  readonly packedBytes: number;
  /** Where each row lies within a point of a phase. */
  readonly placeOfRow: readonly number[];
  /** Bytes of a point of a phase of a channel. */
  readonly pointBytes: number;
  /** Bytes of all output rows of a group at a point. */
  readonly rowBytes: number;
  /** Byte offset of what a row of the kernel is multiplied with at a point. */
  place(channel: number, phase: number, point: number, row: number): number;
  readonly groups: readonly TileGroup[];
}

/**
 * Transformed rows lie one after the other, those of every phase of the rows on their own, so that the next output row
 * finds what it needs a row further on: all output rows of a group are one line.
 */
export function winogradLayout(spec: ConvolutionSpec, input: TileTensor, output: TileTensor): WinogradLayout {
  const [rows, columns] = axesOf(windowOf(spec));
  const [rowTaps, columnTaps] = [tapsOf(rows), tapsOf(columns)];
  const fours = output.width / NEIGHBORS;
  const lineBytes = fours * 4;
  const bands = startsOf(reachesOf(rowTaps), ({ first, last }) => (GROUP_ROWS + last - first) * lineBytes);
  const reaches = reachesOf(columnTaps);
  const firstColumn = Math.min(...reaches.map(({ first, phase }) => first * columns.stride + phase));
  const phases = reaches.map(({ first, phase }) => ({
    taps: columnTaps.flatMap((tap, column) => (tap.phase === phase ? [column] : [])),
    start: (first * columns.stride + phase - firstColumn) * 4,
  }));
  const positions = bands.all.flatMap(({ phase, first, last }) =>
    [first, last + GROUP_ROWS - 1].map(shift => shift * rows.stride + phase),
  );
  const [firstRow, lastRow] = [Math.min(...positions), Math.max(...positions)];
  const count = lastRow - firstRow + 1;
  const placeOfRow = Array.from({ length: count }, (_, i) => {
    const shift = Math.floor((firstRow + i) / rows.stride);
    const band = bands.all.find(({ phase }) => phase === firstRow + i - shift * rows.stride);
    if (band === undefined || shift < band.first || shift >= band.last + GROUP_ROWS) return UNUSED;
    return band.start + (shift - band.first) * lineBytes;
  });
  // Lines are thinned one float further than there are fours.
  const length = Math.max(...phases.map(({ start }) => start / 4)) + (NEIGHBORS * (fours + 1) - 1) * columns.stride + 1;
  const packedBytes = Math.ceil(length / 4) * 16;
  const groups = Array.from({ length: Math.ceil(output.height / GROUP_ROWS) }, (_, group) => {
    const first = group * GROUP_ROWS;
    const runs: number[] = [];
    for (let i = 0; i < count; i++) {
      const y = first * rows.stride + firstRow + i;
      const sources = Array.from({ length }, (_, x) => pixelOffset(input, y, firstColumn + x));
      appendRuns(runs, sources, i * packedBytes, 1);
    }
    return { first, step: 1, count: Math.min(GROUP_ROWS, output.height - first), runs };
  });
  return {
    phases,
    rows: count,
    packedBytes,
    placeOfRow,
    pointBytes: bands.bytes,
    rowBytes: GROUP_ROWS * lineBytes,
    place(channel, phase, point, row) {
      const { phase: rowPhase, shift } = rowTaps[row] as Tap;
      const band = bands.of(rowPhase);
      return (
        ((channel * phases.length + phase) * POINTS + point) * bands.bytes +
        band.start +
        (shift - band.first) * lineBytes
      );
    },
    groups,
  };
}
