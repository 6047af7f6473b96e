import type { TileTensor } from '../../engine/engine.js';
import { startsOf } from './placement.js';
import { appendRuns, pixelOffset } from './runs.js';
import type { TileGroup, WindowLayout } from './tile-groups.js';
import { type Axis, axesOf, type Reach, reachesOf, type Tap, tapsOf, type Window } from './window.js';

/**
 * Where every tile is a piece of one output row. The rows of the input that a group of tiles, one above the other,
 * looks at are packed once, every phase of the columns on its own; taps of a row share its floats.
 */
export function rowLayout(window: Window, input: TileTensor, output: TileTensor, tiles: number): WindowLayout {
  const [rows, columns] = axesOf(window);
  const [rowTaps, columnTaps] = [tapsOf(rows), tapsOf(columns)];
  const pieces = startsOf(
    reachesOf(columnTaps),
    reach => Math.ceil((output.lanes + reach.last - reach.first) / 4) * 16,
  );
  const pitch = pieces.bytes;
  const bands = startsOf(reachesOf(rowTaps), reach => (tiles + reach.last - reach.first) * pitch);
  const across = output.width / output.lanes;
  const groups: TileGroup[] = [];
  for (let y = 0; y < output.height; y += tiles) {
    const count = Math.min(tiles, output.height - y);
    for (let piece = 0; piece < across; piece++) {
      const runs: number[] = [];
      for (const band of bands.all) {
        for (let slot = 0; slot < count + band.last - band.first; slot++) {
          const row = positionOf(rows, band, y + slot);
          for (const { first, last, phase, start } of pieces.all) {
            const sources = Array.from({ length: output.lanes + last - first }, (_, i) =>
              pixelOffset(input, row, positionOf(columns, { phase, first }, piece * output.lanes + i)),
            );
            appendRuns(runs, sources, band.start + slot * pitch + start, columns.stride);
          }
        }
      }
      groups.push({ first: y * across + piece, step: across, count, runs });
    }
  }
  return {
    channelBytes: bands.bytes,
    step: pitch,
    tap(row, column) {
      const [r, c] = [rowTaps[row] as Tap, columnTaps[column] as Tap];
      const [band, piece] = [bands.of(r.phase), pieces.of(c.phase)];
      return band.start + (r.shift - band.first) * pitch + piece.start + (c.shift - piece.first) * 4;
    },
    groups,
  };
}

function positionOf({ stride }: Axis, { phase, first }: Pick<Reach, 'phase' | 'first'>, index: number): number {
  return (index + first) * stride + phase;
}
