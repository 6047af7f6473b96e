import { checkOptions, type OptionRules, rules } from '@espalier/core';
import type { CompileOptions } from '@espalier/runtime';

/** Options of `measureSpeed`. */
export interface SpeedOptions {
  /**
   * Threads of both plans, from 1 to 256.
   *
   * @defaultValue All cores, or 1 if the sparse network is so small that threads would make it slower.
   */
  readonly threads?: number | undefined;
  /**
   * Kernels of both plans: native ones, of the package `@espalier/runtime-native`, or those in WebAssembly.
   *
   * @defaultValue As `compile` decides: native ones where there are some.
   */
  readonly engine?: CompileOptions['engine'];
  /**
   * Instruction set of the kernels.
   *
   * @defaultValue `'auto'`: the best that the engine has.
   */
  readonly instructions?: NonNullable<CompileOptions['instructions']> | undefined;
  /**
   * Inputs of one run.
   *
   * @defaultValue 1
   */
  readonly batch?: number | undefined;
  /**
   * Interleaved rounds.
   *
   * @defaultValue As many as fit into the budget, from 9 to 101.
   */
  readonly rounds?: number | undefined;
  /**
   * Milliseconds after which no further round begins; nine are made anyway, or as many as `rounds` says.
   *
   * @defaultValue 2500, and no limit if `rounds` is given.
   */
  readonly budget?: number | undefined;
  /**
   * Times the ways to partition each convolution first, in both plans. Takes seconds on large networks.
   *
   * @defaultValue `true`
   */
  readonly tune?: boolean | undefined;
  /**
   * Times TensorFlow.js on its WebAssembly backend too.
   *
   * @defaultValue `true`
   */
  readonly tfjs?: boolean | undefined;
  /**
   * Times every layer of both plans too.
   *
   * @defaultValue `false`
   */
  readonly perLayer?: boolean | undefined;
  /** Ends the measurement: it then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what is done next. */
  readonly onProgress?: ((activity: string) => void) | undefined;
}

const { boolean, integer, number, oneOf, optional, signal } = rules;

/** What `engine` may be. */
export const engineNames = ['auto', 'wasm', 'native'] as const;

/** What `instructions` may be. */
export const instructionNames = ['auto', 'simd', 'relaxed-simd', 'relaxed-simd-256', 'avx512', 'avx2', 'neon'] as const;

const speedRules: OptionRules<SpeedOptions> = {
  threads: optional(integer({ from: 1, to: 256 })),
  engine: optional(oneOf(...engineNames)),
  instructions: optional(oneOf(...instructionNames)),
  batch: optional(integer({ from: 1, to: 1024 })),
  rounds: optional(integer({ from: 1 })),
  budget: optional(rules.either('a number of at least 0', number({ from: 0 }), oneOf(Infinity))),
  tune: optional(boolean),
  tfjs: optional(boolean),
  perLayer: optional(boolean),
  signal: optional(signal),
  onProgress: optional(rules.function),
};

/** Refuses options that there are not, and values that cannot be. */
export function checkSpeedOptions(options: unknown): asserts options is SpeedOptions {
  checkOptions<SpeedOptions>(options, speedRules);
}

/** How long to time: `bench`, `inspect` and whoever says nothing get the same. */
export function lengthOf({ rounds, budget }: SpeedOptions): { readonly rounds: number; readonly budget: number } {
  return { rounds: rounds ?? 101, budget: budget ?? (rounds === undefined ? 2500 : Infinity) };
}
