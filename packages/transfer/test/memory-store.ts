import type { Checkpoint } from '@espalier/core';
import type { RunStore } from '../src/index.js';

/** Keeps every checkpoint as it would be read from a file. */
export function memoryStore(): RunStore & { readonly saved: Map<number, Checkpoint[]> } {
  const saved = new Map<number, Checkpoint[]>();
  return {
    saved,
    load: async seed => saved.get(seed)?.at(-1),
    save: async (seed, checkpoint) => void saved.set(seed, [...(saved.get(seed) ?? []), checkpoint]),
  };
}
