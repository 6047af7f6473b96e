import type { Reach } from './window.js';

interface Placed extends Reach {
  readonly start: number;
}

interface Placement {
  readonly all: readonly Placed[];
  readonly bytes: number;
  of(phase: number): Placed;
}

/** Phases one after the other. */
export function startsOf(reaches: readonly Reach[], bytesOf: (reach: Reach) => number): Placement {
  let bytes = 0;
  const all = reaches.map(reach => {
    const start = bytes;
    bytes += bytesOf(reach);
    return { ...reach, start };
  });
  return { all, bytes, of: phase => all.find(placed => placed.phase === phase) as Placed };
}
