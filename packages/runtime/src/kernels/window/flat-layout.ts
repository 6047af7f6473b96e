import type { TileTensor } from '../../engine/engine.js';
import { type Packer, RUNS, UNUSED } from './packers.js';
import { startsOf } from './placement.js';
import { pixelOffset } from './runs.js';
import { consecutive, type WindowLayout } from './tile-groups.js';
import { axesOf, reachesOf, type Tap, tapsOf, type Window } from './window.js';

/**
 * Where tiles run over the ends of output rows. For every column tap there is a copy of the input, shifted, thinned by
 * the stride and cut to the output's width, so that pixel `p` of the output finds its tap at float `p + shift * width`.
 */
export function flatLayout(
  window: Window,
  input: TileTensor,
  output: TileTensor,
  tiles: number,
  packer: Packer = RUNS,
): WindowLayout {
  const [rows, columns] = axesOf(window);
  const rowTaps = tapsOf(rows);
  const { width, lanes } = output;
  const length = Math.min(tiles, Math.ceil((output.height * width) / lanes)) * lanes;
  // Rows that overlap or touch lie as in an image; rows further apart than they are long are packed closer. Where taps
  // would then not be aligned, every row of the window has a copy of its own.
  const pitch = (width * 4) % packer.alignment === 0 ? Math.min(width, length) : length;
  const bands = startsOf(
    reachesOf(rowTaps),
    reach => Math.ceil(((reach.last - reach.first) * pitch + length) / 4) * 16,
  );
  const copy = bands.bytes;
  const groups = consecutive(output, tiles).map(group => {
    const runs: number[] = [];
    const begin = group.first * lanes;
    const floats = group.count * lanes;
    for (let column = 0; column < columns.taps; column++) {
      for (const { first, last, phase, start } of bands.all) {
        const source = (place: number): number => {
          const row = Math.floor(place / width);
          const x = (place - row * width) * columns.stride + column * columns.dilation - columns.pad;
          return pixelOffset(input, row * rows.stride + phase, x);
        };
        const line = (shift: number, count: number): void => {
          const sources = Array.from({ length: count }, (_, i) => source(begin + shift * width + i));
          if (pitch !== width) sources.fill(UNUSED, Math.max(0, output.height * width - begin));
          packer.append(runs, sources, column * copy + start + (shift - first) * pitch * 4, columns.stride);
        };
        if (pitch === width) line(first, (last - first) * width + floats);
        else for (let shift = first; shift <= last; shift++) line(shift, floats);
      }
    }
    return { ...group, runs };
  });
  return {
    channelBytes: copy * columns.taps,
    step: lanes * 4,
    tap(row, column) {
      const { phase, shift } = rowTaps[row] as Tap;
      const band = bands.of(phase);
      return column * copy + band.start + (shift - band.first) * pitch * 4;
    },
    groups,
  };
}
