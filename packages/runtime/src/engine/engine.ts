import type { Kernel } from './kernel.js';
import type { NativeInstructions, NativeKernels } from './native-kernels.js';

/** Linear memory of one compiled plan; grows, never shrinks, and is given back as a whole. */
export interface Heap {
  /** The memory that kernels see. Views of it go stale when it grows: take them when they are needed. */
  readonly memory: WebAssembly.Memory;
  /** Reserves bytes, zeroed, and returns their address, a multiple of 64. Throws when the memory cannot grow. */
  allocate(bytes: number): number;
  /** A view of `length` floats at an address. */
  floats(address: number, length: number): Float32Array;
  /** A view of `length` 32-bit integers at an address. */
  integers(address: number, length: number): Int32Array;
}

/** Compiled kernels over one heap. */
export interface Engine {
  readonly heap: Heap;
  /** Kernels by exported name. */
  readonly kernels: Readonly<Record<string, Kernel>>;
  /**
   * Instruction set that was chosen: plain SIMD128, fused multiply-add (relaxed SIMD), or the latter paired to 256 bits
   * by V8.
   */
  readonly instructions: 'simd' | 'relaxed-simd' | 'relaxed-simd-256';
  /** Native kernels, which stand in `kernels` in place of those of the same names. */
  readonly native?: NativeEngine;
}

/** Native kernels over the heap of an engine. */
export interface NativeEngine {
  readonly choice: NativeChoice;
  /** Names of the kernels that are native. */
  readonly names: ReadonlySet<string>;
  /** What a command reaches outside of the heap, in words. */
  check(command: Command, scratch: number): string | undefined;
}

/** Which native kernels are used. */
export interface NativeChoice {
  readonly kernels: NativeKernels;
  readonly instructions: NativeInstructions;
}

/**
 * One step of a plan: a kernel, the record of its arguments in the heap, and how many work items it has. Work items are
 * independent of each other, so threads may share them out in any way; commands run one after the other.
 */
export interface Command {
  /** Exported name of the kernel. */
  readonly kernel: string;
  /** Address of the record. */
  readonly record: number;
  /** Number of work items, ≥ 1. */
  readonly items: number;
  /** Bytes of scratch memory that each thread needs. */
  readonly scratch: number;
}

/**
 * Activation of one image: `[tile][channel][lane]`. Pixel `p = y * width + x` is lane `p % lanes` of tile
 * `floor(p / lanes)`; lanes past the last pixel hold anything. A vector is a tensor of height 1 and width 1 with one
 * lane.
 *
 * A tensor may be a range of the channels of a wider one (see `channelView`): that is how values are joined without
 * copying.
 */
export interface TileTensor {
  readonly address: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly lanes: number;
  /** Bytes from one tile to the next: `channels * lanes * 4`, more in a view of a wider tensor. */
  readonly tileStride: number;
}
