import { checkOptions, InvalidOptionError, type OptionRule, type OptionRules, rules } from '@espalier/core';
import { LANES, type Lanes } from '../engine/lanes.js';
import type { InputShapes } from '../graph/topology/network-inputs.js';
import { ThreadsUnavailableError } from './errors.js';
import { canShareMemory, defaultThreads } from './threads/host.js';
import type { TuningCache } from './tuning-cache.js';

/**
 * Order of the entries of an image: `nhwc` is `[height, width, channels]`, as in TensorFlow.js; `nchw` is
 * `[channels, height, width]`, as in PyTorch and ONNX.
 */
export type Layout = 'nhwc' | 'nchw';

/**
 * Which instructions the kernels use: plain SIMD128, relaxed SIMD with fused multiply-add, or the latter in pairs of
 * 256 bits.
 *
 * `relaxed-simd-256` is experimental and never chosen for you. It needs Node 24 or later on x64 and turns V8's flag
 * `--experimental-wasm-revectorize` on, which is meant for V8's developers, and which stays on for all WebAssembly that
 * the process compiles afterwards. On processors with AVX2 it takes about a third off the time; on others it does
 * nothing. What V8 makes of the kernels is compared with plain ones before it is used.
 */
export type Instructions = 'simd' | 'relaxed-simd' | 'relaxed-simd-256';

export type { Lanes };

/** Options of `compile`. */
export interface CompileOptions {
  /**
   * Threads in all, the calling one included, from 1 to 256.
   *
   * @defaultValue All cores in Node and on pages that are cross-origin isolated; 1 elsewhere, and for networks that are
   * so small (100,000 multiply-accumulates) that threads would make them slower.
   */
  readonly threads?: number | undefined;
  /**
   * Instruction set. Results with and without relaxed SIMD differ by rounding.
   *
   * @defaultValue `'auto'`: relaxed SIMD where the engine has it, in 256 bits if the process was started with
   * `--experimental-wasm-revectorize`.
   */
  readonly instructions?: 'auto' | Instructions | undefined;
  /**
   * Pixels that a kernel works on at once.
   *
   * @defaultValue `'auto'`: chosen by the sizes of the images and the engine; with `tune`, by timing the largest
   *   layers.
   */
  readonly lanes?: 'auto' | Lanes | undefined;
  /**
   * Times the ways in which each convolution can be partitioned and takes the fastest, which costs some milliseconds a
   * layer. The result of a run is the same, whatever is chosen. A cache keeps the choices; a `Map` is one.
   *
   * @defaultValue `false`: takes a good guess.
   */
  readonly tune?: boolean | TuningCache | undefined;
  /**
   * Order of the entries of images in input and output, unless a run says otherwise. Does not matter to vectors.
   *
   * @defaultValue `'nhwc'`
   */
  readonly layout?: Layout | undefined;
  /**
   * Sizes of the input of a checkpoint's network without the batch, or of several inputs by name, where the network
   * leaves them open. Of a graph all sizes are known: give them to what makes the graph.
   *
   * @defaultValue The sizes that the network says.
   */
  readonly inputShape?: InputShapes | undefined;
}

/** Options with everything decided but what depends on the graph. */
export interface ResolvedOptions {
  /** Undefined: to be decided by the graph. */
  readonly threads?: number;
  readonly instructions?: Instructions;
  readonly lanes?: Lanes;
  readonly tune: boolean;
  readonly cache: TuningCache;
  readonly layout: Layout;
}

const MOST_THREADS = 256;

/** Rules of the options of training products. */
export const TRAINING_RULES: OptionRules<Pick<CompileOptions, 'threads' | 'instructions' | 'lanes' | 'tune'>> = {
  threads: rules.optional(rules.integer({ from: 1, to: MOST_THREADS })),
  instructions: rules.optional(rules.oneOf('auto', 'simd', 'relaxed-simd', 'relaxed-simd-256')),
  lanes: rules.optional(rules.oneOf('auto', ...LANES)),
  tune: rules.optional(rules.boolean),
};

/** The rule of a layout. */
export const LAYOUT_RULE: OptionRule = rules.optional(rules.oneOf('nhwc', 'nchw'));

const COMPILE_RULES: OptionRules<CompileOptions> = {
  ...TRAINING_RULES,
  tune: rules.optional(
    rules.either('a boolean or a cache with get and set', rules.boolean, rules.having('a cache', 'get', 'set')),
  ),
  layout: LAYOUT_RULE,
  inputShape: rules.anything,
};

/** Below it, handing out work takes longer than the work. */
const WORTH_THREADS = 100_000;

/** Threads for a network of so many multiply-accumulates, unless told. */
export function threadsFor(multiplyAdds: number, cores: number = defaultThreads()): number {
  return multiplyAdds < WORTH_THREADS ? 1 : Math.min(MOST_THREADS, cores);
}

/** @throws {@link InvalidOptionError} and {@link ThreadsUnavailableError} */
export function resolveOptions(
  options: CompileOptions & { readonly threads: number },
): ResolvedOptions & { readonly threads: number };
export function resolveOptions(options: CompileOptions): ResolvedOptions;
export function resolveOptions(options: CompileOptions): ResolvedOptions {
  checkOptions<CompileOptions>(options, COMPILE_RULES);
  const { instructions = 'auto', lanes = 'auto', tune = false, layout = 'nhwc' } = options;
  const cache = typeof tune === 'boolean' ? new Map<string, string>() : tune;
  checkThreads(options.threads);
  return {
    tune: tune !== false,
    cache,
    layout,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(instructions === 'auto' ? {} : { instructions }),
    ...(lanes === 'auto' ? {} : { lanes }),
  };
}

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined && threads > 1 && !canShareMemory()) {
    throw new ThreadsUnavailableError('this page is not cross-origin isolated, so memory cannot be shared');
  }
}

/** @throws {@link InvalidOptionError} if it is none of the values that are allowed. */
export function checkOneOf(option: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new InvalidOptionError(option, value, `one of ${allowed.map(entry => JSON.stringify(entry)).join(', ')}`);
}
