import type { Heap } from '../engine/engine.js';

/**
 * Writes 32-bit words into the heap and returns their address. Addresses over 2 GiB are written as they are read:
 * modulo 2^32.
 */
export function writeWords(heap: Heap, words: ArrayLike<number>): number {
  const address = heap.allocate(Math.max(1, words.length) * 4);
  heap.integers(address, words.length).set(words);
  return address;
}

/** Writes floats into the heap and returns their address. */
export function writeFloats(heap: Heap, floats: ArrayLike<number>): number {
  const address = heap.allocate(Math.max(1, floats.length) * 4);
  heap.floats(address, floats.length).set(floats);
  return address;
}

/** The word that a float is written as. */
export function floatBits(value: number): number {
  return new DataView(Float32Array.of(value).buffer).getInt32(0, true);
}
