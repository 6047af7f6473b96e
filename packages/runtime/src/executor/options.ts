import { checkOptions, InvalidOptionError, type OptionRule, type OptionRules, rules } from '@espalier/core';
import { LANES, type Lanes, NATIVE_LANES, WIDE_LANES } from '../engine/lanes.js';
import type { NativeInstructions } from '../engine/native-kernels.js';
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

/** Where kernels come from: `native` from the package `@espalier/runtime-native`, `wasm` from this one. */
export type EngineName = 'wasm' | 'native';

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
   * Which kernels compute the network. `auto` takes native ones in Node where `@espalier/runtime-native` is installed
   * and has some for this processor, and WebAssembly's otherwise: `plan.summary.engine` says which, and
   * `plan.summary.passedOver` why not native ones. Results differ by rounding.
   *
   * @defaultValue What the environment variable `ESPALIER_ENGINE` says in Node; otherwise `'auto'`.
   */
  readonly engine?: 'auto' | EngineName | undefined;
  /**
   * Instruction set, of WebAssembly or native: one of them decides the engine if that is left open. Results with and
   * without fused multiply-add (relaxed SIMD, native) differ by rounding.
   *
   * @defaultValue `'auto'`: the best native ones where the engine is native; otherwise relaxed SIMD where there is
   * some, in 256 bits if the process was started with `--experimental-wasm-revectorize`.
   */
  readonly instructions?: 'auto' | Instructions | NativeInstructions | undefined;
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

interface Globals {
  readonly process?: { readonly env?: { readonly ESPALIER_ENGINE?: string } };
}

/** Options with everything decided but what depends on the graph. */
export interface ResolvedOptions {
  /** Undefined: to be decided by the graph. */
  readonly threads?: number;
  readonly engine: 'auto' | EngineName;
  readonly instructions?: Instructions | NativeInstructions;
  readonly lanes?: Lanes;
  readonly tune: boolean;
  readonly cache: TuningCache;
  readonly layout: Layout;
}

const MOST_THREADS = 256;

const WASM_INSTRUCTIONS = ['simd', 'relaxed-simd', 'relaxed-simd-256'] as const;

/** Rules of the options of training products. */
export const TRAINING_RULES: OptionRules<Pick<CompileOptions, 'threads' | 'instructions' | 'lanes' | 'tune'>> = {
  threads: rules.optional(rules.integer({ from: 1, to: MOST_THREADS })),
  instructions: rules.optional(rules.oneOf('auto', ...WASM_INSTRUCTIONS)),
  lanes: rules.optional(rules.oneOf('auto', ...LANES)),
  tune: rules.optional(rules.boolean),
};

/** The rule of a layout. */
export const LAYOUT_RULE: OptionRule = rules.optional(rules.oneOf('nhwc', 'nchw'));

const ENGINES = ['auto', 'wasm', 'native'] as const;

const COMPILE_RULES: OptionRules<CompileOptions> = {
  ...TRAINING_RULES,
  engine: rules.optional(rules.oneOf(...ENGINES)),
  instructions: rules.optional(rules.oneOf('auto', ...WASM_INSTRUCTIONS, ...Object.keys(NATIVE_LANES))),
  lanes: rules.optional(rules.oneOf('auto', ...LANES, ...WIDE_LANES)),
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
  const {
    engine = engineOfEnvironment(),
    instructions = 'auto',
    lanes = 'auto',
    tune = false,
    layout = 'nhwc',
  } = options;
  const cache = typeof tune === 'boolean' ? new Map<string, string>() : tune;
  checkThreads(options.threads);
  return {
    tune: tune !== false,
    cache,
    layout,
    engine,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(instructions === 'auto' ? {} : { instructions }),
    ...(lanes === 'auto' ? {} : { lanes }),
  };
}

/** @throws {@link InvalidOptionError} if the variable says something else. */
function engineOfEnvironment(): 'auto' | EngineName {
  const said = (globalThis as Globals).process?.env?.ESPALIER_ENGINE;
  if (said === undefined || said === '') return 'auto';
  checkOneOf('ESPALIER_ENGINE', said, ENGINES);
  return said as 'auto' | EngineName;
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
