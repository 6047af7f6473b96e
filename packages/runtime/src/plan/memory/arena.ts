/** Something that needs memory from step `first` to step `last`, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Where everything lies. */
export interface ArenaLayout {
  /** Offset of every lifetime, in the order in which they were given. */
  readonly offsets: readonly number[];
  /** Size of the whole arena. */
  readonly bytes: number;
}

const LINE = 64;

const roundUp = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/**
 * Offsets for memory whose lifetimes are known beforehand, so that two that are alive at the same step do not overlap.
 * The largest are placed first, each into the smallest gap that fits. Offsets are multiples of a cache line.
 */
export function layOutArena(lifetimes: readonly Lifetime[]): ArenaLayout {
  const offsets = new Array<number>(lifetimes.length).fill(0);
  const placed: { readonly lifetime: Lifetime; readonly begin: number; readonly end: number }[] = [];
  let bytes = 0;
  for (const { lifetime, index } of bySize(lifetimes)) {
    const neighbors = placed.filter(other => alive(lifetime, other.lifetime)).sort((a, b) => a.begin - b.begin);
    const begin = smallestGap(neighbors, roundUp(lifetime.bytes));
    const end = begin + roundUp(lifetime.bytes);
    offsets[index] = begin;
    placed.push({ lifetime, begin, end });
    bytes = Math.max(bytes, end);
  }
  return { offsets, bytes };
}

function bySize(lifetimes: readonly Lifetime[]): { readonly lifetime: Lifetime; readonly index: number }[] {
  return lifetimes
    .map((lifetime, index) => ({ lifetime, index }))
    .sort((a, b) => b.lifetime.bytes - a.lifetime.bytes || a.lifetime.first - b.lifetime.first || a.index - b.index);
}

const alive = (a: Lifetime, b: Lifetime): boolean => a.first <= b.last && b.first <= a.last;

/** Start of the smallest gap of at least `bytes` between neighbors in order of their start, or the end of them all. */
function smallestGap(neighbors: readonly { readonly begin: number; readonly end: number }[], bytes: number): number {
  let best = -1;
  let bestSize = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const neighbor of neighbors) {
    const size = neighbor.begin - end;
    if (size >= bytes && size < bestSize) {
      best = end;
      bestSize = size;
    }
    end = Math.max(end, neighbor.end);
  }
  return best >= 0 ? best : end;
}
