import type { Instructions, Lanes } from '../executor/options.js';
import type { Padding } from '../graph/graph.js';

/**
 * A convolution, or a dense layer, of which some weights are zero for good. A dense layer is a convolution of a single
 * pixel: `kernelShape: [1, 1, inputs, outputs]`, `inputShape: [1, 1, inputs]`.
 */
export interface TrainingLayer {
  /** `[height, width, in / groups, out]`. */
  readonly kernelShape: readonly [number, number, number, number];
  /** One entry for each of the kernel, row-major; weights where it is 0 or `false` are left out. */
  readonly mask: ArrayLike<number | boolean>;
  /** `[height, width, channels]` of one image. */
  readonly inputShape: readonly [number, number, number];
  /** Images in a batch, at least 1; at most so many that input and output have 2^28 entries each. */
  readonly batch: number;
  /**
   * Vertical and horizontal stride.
   *
   * @defaultValue `[1, 1]`
   */
  readonly strides?: readonly [number, number] | undefined;
  /**
   * Vertical and horizontal distance of the kernel's taps.
   *
   * @defaultValue `[1, 1]`
   */
  readonly dilations?: readonly [number, number] | undefined;
  /**
   * Zeros around the image; `'same'` and `'valid'` mean what they mean in TensorFlow.
   *
   * @defaultValue `'valid'`: none.
   */
  readonly padding?: 'same' | 'valid' | Padding | undefined;
  /**
   * Groups of channels that have nothing to do with each other; the number of channels in a depthwise convolution.
   *
   * @defaultValue 1
   */
  readonly groups?: number | undefined;
}

/** Options of `trainingProducts`. */
export interface TrainingOptions {
  /**
   * Threads in all, the calling one included, from 1 to 256.
   *
   * @defaultValue 1
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
   * @defaultValue `'auto'`: chosen by the size of the images and the engine.
   */
  readonly lanes?: 'auto' | Lanes | undefined;
  /**
   * Times the ways in which each product can be partitioned and takes the fastest, which takes as long as some dozen
   * batches.
   *
   * @defaultValue `false`: takes a good guess.
   */
  readonly tune?: boolean | undefined;
}
