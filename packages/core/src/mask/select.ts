import { NonFiniteScoreError } from '../errors/method-errors.js';

/*
 * Exact selection in O(n). The bits of a float, with the sign folded in, order as the floats do; two histograms, of the
 * upper and then the lower 16 bits, find the n-th largest key without sorting. Minus zero counts as zero.
 */

const HALF = 0x10000;
const SIGN = 0x80000000;

function bitsOf(scores: Float32Array): Uint32Array {
  return new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
}

/** An unsigned integer that orders as the float with these bits does. */
function keyOf(bits: number): number {
  if (bits < SIGN) return (bits | SIGN) >>> 0;
  return bits === SIGN ? SIGN : ~bits >>> 0;
}

function floatOf(key: number): number {
  return new Float32Array(Uint32Array.of(key >= SIGN ? key ^ SIGN : ~key).buffer)[0]!;
}

/** Bucket from the top that holds the `rank`-th largest, and its rank within the bucket. */
function descend(counts: Uint32Array, rank: number): [bucket: number, rank: number] {
  let bucket = HALF - 1;
  let rest = rank;
  while (rest > counts[bucket]!) rest -= counts[bucket--]!;
  return [bucket, rest];
}

/** Throws if any score is NaN; `name(part)` names the layer of a part. */
export function requireRankable(parts: readonly Float32Array[], name: (part: number) => string): void {
  for (let part = 0; part < parts.length; part++) {
    const scores = parts[part]!;
    for (let i = 0; i < scores.length; i++) {
      if (Number.isNaN(scores[i])) throw new NonFiniteScoreError(name(part), i);
    }
  }
}

/** The `rank`-th largest score (from 1) over all parts together. Scores must not be NaN. */
export function nthLargest(parts: readonly Float32Array[], rank: number): number {
  const upper = new Uint32Array(HALF);
  for (const scores of parts) {
    const bits = bitsOf(scores);
    for (let i = 0; i < bits.length; i++) upper[keyOf(bits[i]!) >>> 16]!++;
  }
  const [top, rest] = descend(upper, rank);
  const lower = new Uint32Array(HALF);
  for (const scores of parts) {
    const bits = bitsOf(scores);
    for (let i = 0; i < bits.length; i++) {
      const key = keyOf(bits[i]!);
      if (key >>> 16 === top) lower[key & 0xffff]!++;
    }
  }
  return floatOf(((top << 16) | descend(lower, rest)[0]) >>> 0);
}

/** How many of the `count` largest scores over all parts lie in each part; ties go to earlier parts first. */
export function countTop(parts: readonly Float32Array[], count: number): number[] {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (count >= total) return parts.map(part => part.length);
  if (count <= 0) return parts.map(() => 0);
  const threshold = nthLargest(parts, count);
  const kept = parts.map(() => 0);
  const ties = parts.map(() => 0);
  let rest = count;
  parts.forEach((scores, part) => {
    let above = 0;
    let equal = 0;
    for (let i = 0; i < scores.length; i++) {
      if (scores[i]! > threshold) above++;
      else if (scores[i] === threshold) equal++;
    }
    kept[part] = above;
    ties[part] = equal;
    rest -= above;
  });
  return kept.map((above, part) => {
    const tied = Math.min(rest, ties[part]!);
    rest -= tied;
    return above + tied;
  });
}
