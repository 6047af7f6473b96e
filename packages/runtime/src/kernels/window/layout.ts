import type { TileTensor } from '../../engine/engine.js';
import { flatLayout } from './flat-layout.js';
import { rowLayout } from './row-layout.js';
import { consecutive, type WindowLayout } from './tile-groups.js';
import { isPointwise, type Window } from './window.js';

/** The layout for groups of at most `tiles` tiles. */
export function windowLayout(window: Window, input: TileTensor, output: TileTensor, tiles: number): WindowLayout {
  if (isPointwise(window)) return inPlace(output, tiles);
  return output.width % output.lanes === 0
    ? rowLayout(window, input, output, tiles)
    : flatLayout(window, input, output, tiles);
}

function inPlace(output: TileTensor, tiles: number): WindowLayout {
  return { channelBytes: 0, step: 0, tap: () => 0, groups: consecutive(output, tiles).map(g => ({ ...g, runs: [] })) };
}
