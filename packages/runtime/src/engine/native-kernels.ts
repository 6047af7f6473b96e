import type { Kernel } from './kernel.js';

/** Instruction sets that there are native kernels for. */
export type NativeInstructions = 'avx512' | 'avx2' | 'neon';

/** What the package `@espalier/runtime-native` gives, in its own words there: kernels over one memory. */
export interface NativeMemory {
  readonly kernels: Readonly<Record<string, Kernel>>;
  check(kernel: string, record: number, items: number, scratchBytes: number, end: number): string | undefined;
  move(memory: Uint8Array): void;
}

/** Its addon. */
export interface NativeAddon {
  instructionSets(): readonly NativeInstructions[];
  open(instructions: NativeInstructions, memory: Uint8Array): NativeMemory;
}

/** Its addon and where that lies. */
export interface NativeKernels extends NativeAddon {
  readonly file: string;
}

/** Its kernels, or why there are none. */
export type FoundKernels = { readonly kernels: NativeKernels } | { readonly reason: string };
