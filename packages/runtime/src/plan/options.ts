import { InvalidOptionError } from '@espalier/core';
import { ThreadsUnavailableError } from './errors.js';
import { canShareMemory, defaultThreads } from './threads/host.js';
import type { TuningCache } from './tuning/tuning-cache.js';

/**
 * Order of the entries of an image: `nhwc` is `[height, width, channels]`, as in TensorFlow.js; `nchw` is
 * `[channels, height, width]`, as in PyTorch and ONNX.
 */
export type Layout = 'nhwc' | 'nchw';

/** Which instructions the kernels use: plain SIMD128, or relaxed SIMD with fused multiply-add. */
export type Instructions = 'simd' | 'relaxed-simd';

/** Pixels that a kernel works on at once. */
export type Lanes = 16 | 28 | 32;

/** Options of `compile`. */
export interface CompileOptions {
  /**
   * Threads in all, the calling one included, from 1 to 256.
   *
   * @defaultValue All cores in Node and on pages that are cross-origin isolated; 1 elsewhere.
   */
  readonly threads?: number;
  /**
   * Instruction set. Results of the two differ by rounding.
   *
   * @defaultValue `'auto'`: relaxed SIMD where the engine has it.
   */
  readonly instructions?: 'auto' | Instructions;
  /**
   * Pixels that a kernel works on at once.
   *
   * @defaultValue `'auto'`: chosen by the sizes of the images and the engine.
   */
  readonly lanes?: 'auto' | Lanes;
  /**
   * Times the ways in which each convolution can be cut up and takes the fastest, which costs some milliseconds a layer. The
   * result of a run is the same, whatever is chosen. A cache keeps the choices; a `Map` is one.
   *
   * @defaultValue `false`: takes a good guess.
   */
  readonly tune?: boolean | TuningCache;
  /**
   * Order of the entries of images in input and output, unless a run says otherwise. Does not matter to vectors.
   *
   * @defaultValue `'nhwc'`
   */
  readonly layout?: Layout;
}

/** Options with everything decided but what depends on the graph. */
export interface ResolvedOptions {
  readonly threads: number;
  readonly instructions?: Instructions;
  readonly lanes?: Lanes;
  readonly tune: boolean;
  readonly cache: TuningCache;
  readonly layout: Layout;
}

/** @throws {@link InvalidOptionError} and {@link ThreadsUnavailableError} */
export function resolveOptions(options: CompileOptions): ResolvedOptions {
  const { instructions = 'auto', lanes = 'auto', tune = false, layout = 'nhwc' } = options;
  oneOf('instructions', instructions, ['auto', 'simd', 'relaxed-simd']);
  oneOf('lanes', lanes, ['auto', 16, 28, 32]);
  checkLayout('layout', layout);
  const cache = typeof tune === 'boolean' ? new Map<string, string>() : tune;
  if (typeof cache?.get !== 'function' || typeof cache.set !== 'function') {
    throw new InvalidOptionError('tune', tune, 'a boolean or a cache with get and set');
  }
  return {
    threads: resolveThreads(options.threads),
    tune: tune !== false,
    cache,
    layout,
    ...(instructions === 'auto' ? {} : { instructions }),
    ...(lanes === 'auto' ? {} : { lanes }),
  };
}

/** @throws {@link InvalidOptionError} if it is not a layout. */
export function checkLayout(option: string, layout: Layout): void {
  oneOf(option, layout, ['nhwc', 'nchw']);
}

function resolveThreads(threads: number | undefined): number {
  if (threads === undefined) return Math.min(256, defaultThreads());
  if (!Number.isInteger(threads) || threads < 1 || threads > 256) {
    throw new InvalidOptionError('threads', threads, 'an integer from 1 to 256');
  }
  if (threads > 1 && !canShareMemory()) {
    throw new ThreadsUnavailableError('this page is not cross-origin isolated, so memory cannot be shared');
  }
  return threads;
}

function oneOf(option: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  throw new InvalidOptionError(option, value, `one of ${allowed.map(entry => JSON.stringify(entry)).join(', ')}`);
}
