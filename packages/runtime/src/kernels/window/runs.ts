import type { TileTensor } from '../../engine/engine.js';

/** Words of one run: source offset, target offset (bytes), count of floats, step between source floats (0: fill). */
export const RUN_WORDS = 4;

/** Fill gaps up to so many floats are copied over and filled afterwards, so that a run goes on. */
const BRIDGED = 2;

/** Byte offset, from channel 0 of the image, of pixel (y, x); negative outside the image. */
export function pixelOffset(image: TileTensor, y: number, x: number): number {
  if (y < 0 || x < 0 || y >= image.height || x >= image.width) return -1;
  const pixel = y * image.width + x;
  const tile = Math.floor(pixel / image.lanes);
  return tile * image.tileStride + (pixel - tile * image.lanes) * 4;
}

/**
 * Appends the runs that fetch a line of floats: float `i` comes from byte offset `sources[i]`, or is filled where that
 * is negative. `step` is the usual distance between neighbors, in floats.
 */
export function appendRuns(runs: number[], sources: readonly number[], target: number, step: number): void {
  for (let i = 0; i < sources.length; ) {
    i += (sources[i] as number) < 0 ? appendFill(runs, sources, i, target) : appendCopy(runs, sources, i, target, step);
  }
}

function appendFill(runs: number[], sources: readonly number[], from: number, target: number): number {
  let count = 1;
  while (from + count < sources.length && (sources[from + count] as number) < 0) count++;
  runs.push(0, target + from * 4, count, 0);
  return count;
}

function appendCopy(runs: number[], sources: readonly number[], from: number, target: number, step: number): number {
  const origin = sources[from] as number;
  let count = 1;
  const gaps: number[] = [];
  for (let i = 1; from + i < sources.length && i < count + BRIDGED + 1; i++) {
    if (sources[from + i] === origin + i * step * 4) {
      for (let gap = count; gap < i; gap++) gaps.push(gap);
      count = i + 1;
    } else if ((sources[from + i] as number) >= 0 || step !== 1) break;
  }
  runs.push(origin, target + from * 4, count, step);
  for (let g = 0; g < gaps.length; ) {
    let length = 1;
    while (gaps[g + length] === (gaps[g] as number) + length) length++;
    runs.push(0, target + (from + (gaps[g] as number)) * 4, length, 0);
    g += length;
  }
  return count;
}
