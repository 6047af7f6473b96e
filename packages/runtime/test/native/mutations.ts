import fc from 'fast-check';
import type { Command, Engine } from '../../src/engine/engine.js';

/** A word of the heap that is written over. */
export interface Mutation {
  /** Which word of those that the command's tables take, as a fraction of them. */
  readonly place: number;
  change(old: number, heapBytes: number): number;
}

const BORDERS = [0, 1, 2, 3, 4, 7, 9, 11, 16, 144, 176, 2 ** 15, 2 ** 29, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** Words of every size, those at the ends of the memory and of 32 bits, and words that are a little off. */
const changes: fc.Arbitrary<Mutation['change']> = fc.oneof(
  fc.constantFrom(...BORDERS).map(value => () => value),
  fc.integer({ min: -64, max: 64 }).map(by => (old: number) => old + by),
  fc.integer({ min: -300, max: 16 }).map(by => (_: number, heapBytes: number) => heapBytes + 4 * by),
  fc.integer({ min: 0, max: 31 }).map(bit => (old: number) => old ^ (1 << bit)),
  fc.integer({ min: -3, max: 3 }).map(factor => (old: number) => Math.imul(old, factor)),
  fc.nat(2 ** 32 - 1).map(value => () => value),
);

/** One to three words that are written over. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), change: changes }),
  { minLength: 1, maxLength: 3 },
);

/**
 * Words of the record come first in `words`, as most of what is reached follows from them: half of all mutations lie
 * there.
 */
function addressOf(place: number, command: Command, [begin, end]: readonly [number, number]): number {
  const recordWords = 20;
  if (place < 0.5) return command.record + 4 * Math.floor(2 * place * recordWords);
  return begin + 4 * Math.floor((2 * place - 1) * ((end - begin) / 4));
}

/** Writes over words of a command's tables, which take `[begin, end)`. */
export function mutate(
  { heap }: Engine,
  command: Command,
  tables: readonly [begin: number, end: number],
  list: readonly Mutation[],
): void {
  const { buffer } = heap.memory;
  const words = new Int32Array(buffer);
  for (const { place, change } of list) {
    const at = addressOf(place, command, tables) >> 2;
    words[at] = change(words[at] as number, buffer.byteLength) | 0;
  }
}

/** Words from which to look for the largest and the least value that a check lets through. */
export function wordsNear(
  command: Command,
  [begin, end]: readonly [begin: number, end: number],
  places: readonly number[],
): readonly number[] {
  const record = Array.from({ length: 20 }, (_, word) => command.record + 4 * word);
  const others = places.map(place => begin + 4 * Math.floor(place * ((end - begin) / 4)));
  return [...new Set([...record, ...others])].filter(address => address < end);
}

/**
 * Calls `accepts` with values ever closer to the border of those that it takes, from one that it takes towards the last
 * of 32 bits, in whole steps: every value that it takes is one that a kernel must be able to live with.
 */
export function approachBorder(from: number, step: number, accepts: (value: number) => boolean): void {
  const last = step > 0 ? 2 ** 32 - 1 : -(2 ** 31);
  let [least, most] = [0, Math.floor((last - from) / step)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (accepts(from + middle * step)) least = middle;
    else most = middle - 1;
  }
}
