import type { TileTensor } from '../../engine/engine.js';
import { flatLayout } from './flat-layout.js';
import type { Packer } from './packers.js';
import { rowLayout } from './row-layout.js';
import { consecutive, type WindowLayout } from './tile-groups.js';
import { isPointwise, type Window } from './window.js';

/** The layout for groups of at most `tiles` tiles; `packer` lists what has to be packed. */
export function windowLayout(
  window: Window,
  input: TileTensor,
  output: TileTensor,
  tiles: number,
  packer?: Packer,
): WindowLayout {
  if (isPointwise(window)) return inPlace(output, tiles);
  if (packer !== undefined) return flatLayout(window, input, output, tiles, packer);
  return output.width % output.lanes === 0
    ? rowLayout(window, input, output, tiles)
    : flatLayout(window, input, output, tiles);
}

function inPlace(output: TileTensor, tiles: number): WindowLayout {
  return { channelBytes: 0, step: 0, tap: () => 0, groups: consecutive(output, tiles).map(g => ({ ...g, runs: [] })) };
}
