import { InvalidOptionError } from '../errors/option-errors.js';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Upper 32 bits of the unsigned product of two 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const low = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(low / 0x10000)) >>> 0;
}

/** Refuses what is not the given number of 32-bit words. */
function requireWords(option: string, words: readonly number[], count: number): void {
  if (!Array.isArray(words) || words.length !== count) {
    throw new InvalidOptionError(option, words, `an array of ${count} unsigned 32-bit integers`);
  }
}

/**
 * Philox4x32-10, a counter-based generator: a bijection of a 128-bit counter under a 64-bit key, so any block of any
 * stream is computed directly. {@link randomStreams} counts through its blocks.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
 *
 * @param counter - Four unsigned 32-bit integers.
 * @param key - Two unsigned 32-bit integers.
 * @param out - Receives four random unsigned 32-bit integers.
 * @throws {@link InvalidOptionError} if an argument is no array of its length.
 *
 * @example
 * ```ts
 * import { philox } from '@espalier/core';
 *
 * const block = new Uint32Array(4);
 * philox([0, 0, 0, 0], [0, 0], block);
 * block[0]; // 0x6627e8d5
 * ```
 */
export function philox(counter: readonly number[], key: readonly number[], out: Uint32Array): void {
  requireWords('counter', counter, 4);
  requireWords('key', key, 2);
  if (!(out instanceof Uint32Array) || out.length < 4) {
    throw new InvalidOptionError('out', out, 'a Uint32Array of at least four entries');
  }
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let [k0 = 0, k1 = 0] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
