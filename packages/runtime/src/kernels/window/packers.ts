import { appendRuns } from './runs.js';

/** How what lies under windows is listed for the kernels that pack it. */
export interface Packer {
  /** Bytes that taps shall be multiples of. A vector that lies in two cache lines takes twice as long to read. */
  readonly alignment: number;
  /**
   * Appends what fetches a line of floats to `target`: float `i` comes from byte offset `sources[i]`, is 0 where that
   * is {@link OUTSIDE}, and does not matter where it is {@link UNUSED}. `step` is the usual distance between neighbors.
   */
  append(list: number[], sources: readonly number[], target: number, step: number): void;
}

/** A place outside of the image. */
export const OUTSIDE = -1;

/** A place that no pixel of the output looks at. */
export const UNUSED = -2;

/** Runs, for the WebAssembly kernels. */
export const RUNS: Packer = { alignment: 4, append: appendRuns };

/** Marks a masked vector that is written over what is there, in place of zeros: the highest bit. */
const MERGED = -(2 ** 31);

/** The bit of a float in the mask of a vector: every other one is used where pixels are two floats apart. */
export const maskBit = (index: number, step: number): number => 1 << (step === 2 ? 2 * index : index);

/**
 * Masked vectors of so many floats, for native kernels: source offset, target offset, mask of the floats that are read
 * (the others become 0, or stay with {@link MERGED}), step between source floats. Words as those of runs.
 */
export function vectorPacker(floats: number): Packer {
  return {
    alignment: floats * 4,
    append(list, sources, target, step) {
      for (let at = 0; at < sources.length; at += floats) {
        appendVector(list, sources.slice(at, at + floats), target + at * 4, step);
      }
    },
  };
}

/** As many masked reads as there are straight lines in the sources; one of nothing where all are outside. */
function appendVector(list: number[], sources: readonly number[], target: number, step: number): void {
  if (sources.every(source => source === UNUSED)) return;
  const origins = new Map<number, number>();
  sources.forEach((source, i) => {
    const origin = source - i * step * 4;
    if (source >= 0) origins.set(origin, (origins.get(origin) ?? 0) | maskBit(i, step));
  });
  if (origins.size === 0) list.push(0, target, 0, 1);
  let merged = 0;
  for (const [origin, mask] of origins) {
    list.push(origin, target, mask | merged, step);
    merged = MERGED;
  }
}
