import type { CompileOptions } from '@espalier/runtime';

/** Options of `measureSpeed`. */
export interface SpeedOptions {
  /**
   * Threads of both plans, from 1 to 256.
   *
   * @defaultValue All cores, or 1 if the sparse network is so small that threads would make it slower.
   */
  readonly threads?: number;
  /**
   * Instruction set of the kernels.
   *
   * @defaultValue `'auto'`: relaxed SIMD where the engine has it.
   */
  readonly instructions?: NonNullable<CompileOptions['instructions']>;
  /**
   * Inputs of one run.
   *
   * @defaultValue 1
   */
  readonly batch?: number;
  /**
   * Interleaved rounds, at most.
   *
   * @defaultValue 15
   */
  readonly rounds?: number;
  /**
   * Milliseconds after which no further round begins; three are made anyway.
   *
   * @defaultValue No limit.
   */
  readonly budget?: number;
  /**
   * Times the ways to cut up each convolution first, in both plans. Takes seconds on large networks.
   *
   * @defaultValue `true`
   */
  readonly tune?: boolean;
  /**
   * Times TensorFlow.js on its WebAssembly backend too.
   *
   * @defaultValue `true`
   */
  readonly tfjs?: boolean;
  /**
   * Times every layer of both plans too.
   *
   * @defaultValue `false`
   */
  readonly perLayer?: boolean;
  /** Ends the measurement: it then throws the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Is told what is done next. */
  readonly onProgress?: (activity: string) => void;
}
