import * as tf from '@tensorflow/tfjs-core';

/** Bytes before and after every block that nobody may write. */
const GUARD = 32;
/** Four of these are a NaN as a float and an absurd number as an integer. */
const DIRT = 0xfe | 0;

interface Module {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly HEAPU8: Uint8Array;
}

/**
 * Makes the wasm backend give out blocks that are full of dirt, between guards, so that a kernel that reads what it
 * never wrote gives wrong numbers, and one that writes beside its output is found. Returns what undoes this, and the
 * damage found.
 */
export function guardHeap(): { readonly damage: string[]; release(): void } {
  const module = (tf.findBackend('wasm') as unknown as { wasm: Module }).wasm;
  // The module's own functions replace themselves when they are first called.
  module._free(module._malloc(1));
  const { _malloc: allocate, _free: free } = module;
  const sizes = new Map<number, number>();
  const damage: string[] = [];
  module._malloc = bytes => {
    const block = allocate(bytes + 2 * GUARD) >>> 0;
    module.HEAPU8.fill(DIRT, block, block + bytes + 2 * GUARD);
    sizes.set(block + GUARD, bytes);
    return block + GUARD;
  };
  module._free = address => {
    const bytes = sizes.get(address >>> 0);
    if (bytes === undefined) return free(address);
    sizes.delete(address >>> 0);
    const heap = module.HEAPU8;
    const intact = (from: number): boolean => heap.subarray(from, from + GUARD).every(byte => byte === DIRT);
    if (!intact(address - GUARD)) damage.push(`writes before a block of ${bytes} bytes`);
    if (!intact(address + bytes)) damage.push(`writes behind a block of ${bytes} bytes`);
    free(address - GUARD);
  };
  return {
    damage,
    release() {
      module._malloc = allocate;
      module._free = free;
    },
  };
}
