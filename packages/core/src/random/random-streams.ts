import { InvalidOptionError } from '../errors/option-errors.js';
import { philox } from './philox.js';
import type { Random, RandomStreams } from './streams.js';

const WORD = 2 ** 32;

/** FNV-1a over UTF-16 code units, from a given basis. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/**
 * Random streams that are a pure function of (seed, step, name): the same in every process, on every backend, and in
 * whatever order the streams are opened. A resumed run therefore continues with the numbers it would have had.
 *
 * Each stream counts through Philox4x32-10 blocks and gives up to 2³⁴ numbers.
 *
 * @param seed - Root seed of the run, an integer in [0, 2⁵³).
 * @param step - Step (see {@link Clock.step}) that the streams belong to, an integer in [0, 2³²).
 * @returns A function from a name to a fresh stream of uniform numbers in [0, 1).
 * @throws {@link InvalidOptionError} if `seed` or `step` is out of range.
 *
 * @example
 * ```ts
 * import { randomStreams } from '@espalier/core';
 *
 * const next = randomStreams(42, 0)('conv1/kernel');
 * next() === randomStreams(42, 0)('conv1/kernel')(); // true
 * ```
 */
export function randomStreams(seed: number, step: number): RandomStreams {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidOptionError('seed', seed, 'an integer in [0, 2^53)');
  if (!Number.isInteger(step) || step < 0 || step >= WORD) {
    throw new InvalidOptionError('step', step, 'an integer in [0, 2^32)');
  }
  return name => {
    if (typeof name !== 'string') throw new InvalidOptionError('name', name, 'a text');
    const key = [seed % WORD, hash(name, 0x811c9dc5)];
    const counter = [0, hash(name, 0x9747b28c), step, Math.floor(seed / WORD)];
    const block = new Uint32Array(4);
    let used = 4;
    const next: Random = () => {
      if (used === 4) {
        philox(counter, key, block);
        counter[0] = ((counter[0] ?? 0) + 1) >>> 0;
        used = 0;
      }
      return (block[used++] ?? 0) / WORD;
    };
    return next;
  };
}
