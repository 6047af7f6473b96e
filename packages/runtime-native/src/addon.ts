/** Instruction sets that there are kernels for. */
export type NativeInstructions = 'avx512' | 'avx2' | 'neon';

/** A kernel: does the work items `begin` to `end` of what its record in the memory describes. */
export type NativeKernel = (record: number, begin: number, end: number, scratch: number) => void;

/** The kernels over one memory. */
export interface NativeMemory {
  /** Kernels by the names that they have in the WebAssembly module, which has more of them. */
  readonly kernels: Readonly<Record<string, NativeKernel>>;
  /**
   * What a command would reach outside of its memory, in words, or undefined: looks at every address, length and
   * offset. A kernel looks at none, so a command must be checked once before it is run.
   *
   * @param end - Where what the command may reach ends; scratch memory, which is written over, lies behind it.
   */
  check(kernel: string, record: number, items: number, scratchBytes: number, end: number): string | undefined;
  /** Has to be told when the memory has grown, with a view of all of it. */
  move(memory: Uint8Array): void;
}

/** The addon, as `require` gives it. */
export interface Addon {
  /** Those that this processor has, the best first. */
  instructionSets(): readonly NativeInstructions[];
  /** Binds the kernels of an instruction set to the memory that a view shows, shared or not. */
  open(instructions: NativeInstructions, memory: Uint8Array): NativeMemory;
}
