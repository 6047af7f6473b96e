/**
 * Philox4x32-10, a counter-based generator: four 32-bit numbers as a pure function of a 128-bit counter and a 64-bit
 * key, so that batch 1000 can be made without making the 999 before it. (Sequential generators such as pure-rand's
 * would have to be seeded with a hash of (seed, epoch, example) for the same purpose.)
 *
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): Uint32Array {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return Uint32Array.of(c0, c1, c2, c3);
}

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit numbers, from 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000)) >>> 0;
}

/** What a stream is for; streams of different purposes never overlap. */
export type Purpose = 'order' | 'augmentation' | 'synthetic';
const purposes: Record<Purpose, number> = { order: 1, augmentation: 2, synthetic: 3 };

/** Numbers drawn one after the other from one stream. */
export interface RandomStream {
  /** A whole number from 0 to `count` − 1, each equally likely; `count` from 1 to 2^32. */
  below(count: number): number;
  /** A number from 0 (included) to 1 (excluded), a multiple of 2^-32. */
  uniform(): number;
}

/** The stream of (seed, purpose, first, second): a pure function of these. `first` and `second` are below 2^32. */
export function randomStream(seed: number, purpose: Purpose, first = 0, second = 0): RandomStream {
  const key = [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0] as const;
  // The purpose shares a word with the block number, whose 28 bits allow 2^30 draws.
  const tag = (purposes[purpose] << 28) >>> 0;
  let block = 0;
  let drawn: Uint32Array = new Uint32Array(0);
  let next = 0;
  const draw = (): number => {
    if (next === drawn.length) {
      drawn = philox([(tag | block++) >>> 0, first, second, 0], key);
      next = 0;
    }
    return drawn[next++]!;
  };
  return {
    uniform: () => draw() / 0x1_0000_0000,
    below: count => {
      // Draws in the last, incomplete run of `count` are thrown away, so that no value is favored.
      const limit = 0x1_0000_0000 - (0x1_0000_0000 % count);
      let value = draw();
      while (value >= limit) value = draw();
      return value % count;
    },
  };
}

/** A permutation of 0 … size − 1, every one equally likely (Fisher and Yates, from the end). */
export function permutation(size: number, stream: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  for (let i = size - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
