import { philox } from '@espalier/core';

/** What a stream is for; streams of different purposes never overlap. */
export type Purpose = 'order' | 'augmentation' | 'synthetic' | 'split';
const purposes: Record<Purpose, number> = { order: 1, augmentation: 2, synthetic: 3, split: 4 };

/** Numbers drawn one after the other from one stream. */
export interface RandomStream {
  /** A whole number from 0 to `count` − 1, each equally likely; `count` from 1 to 2^32. */
  below(count: number): number;
  /** A number from 0 (included) to 1 (excluded), a multiple of 2^-32. */
  uniform(): number;
}

/**
 * The stream of (seed, purpose, first, second) through Philox4x32-10: a pure function of these. `first` and `second`
 * are below 2^32.
 */
export function randomStream(seed: number, purpose: Purpose, first = 0, second = 0): RandomStream {
  const key = [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0];
  // The purpose shares a word with the block number, whose 28 bits allow 2^30 draws.
  const tag = (purposes[purpose] << 28) >>> 0;
  let block = 0;
  const drawn = new Uint32Array(4);
  let next = 4;
  const draw = (): number => {
    if (next === 4) {
      philox([(tag | block++) >>> 0, first, second, 0], key, drawn);
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
