import {
  type Cadence,
  type Distribution,
  type OptionRules,
  requireDistribution,
  rules,
  type Schedule,
} from '@espalier/core';
import { type FisherExecutor, inThread } from './fisher/executor.js';
import type { FisherProgress, FisherSettings } from './fisher/settings.js';

/** Options of the Fisher estimate, common to {@link woodFisher} and {@link oneShotWoodFisher}. */
export interface FisherOptions {
  /**
   * N, the number of gradients in each estimate, an integer ≥ 1. Every pruning step takes that many backward passes. A
   * gradient may be that of one example or of a mini-batch, as the session option `exampleLosses` gives them.
   *
   * @defaultValue 400
   * @see Singh & Alistarh 2020, ResNet-50: 400 gradients, each the mean over 400 images.
   */
  readonly samples?: number | undefined;
  /**
   * Entries of a layer that share a Fisher block, an integer ≥ 1; 1 is the diagonal Fisher. For each active entry a
   * layer takes `4 (blockSize + 1) + 84` bytes or `4 samples + 20 + 4 samples (samples + 1) / blockSize`, whichever is
   * less.
   *
   * @defaultValue 50
   * @see the authors' README: 1000 to 2000 for ResNet-50, 5000 to 20000 for MobileNetV1, which takes far more memory.
   */
  readonly blockSize?: number | undefined;
  /**
   * λ, what is added to the diagonal of the Fisher matrix, a finite number > 0.
   *
   * @defaultValue 1e-5
   * @see Singh & Alistarh 2020, every published run.
   */
  readonly damping?: number | undefined;
  /**
   * Factor of the shift of the surviving weights, a finite number ≥ 0; 0 only removes (optimal brain damage).
   *
   * @defaultValue 1
   * @see `scale_prune_update` of the authors' code.
   */
  readonly compensation?: number | undefined;
  /**
   * How the sparsity is spread over the layers, from scores `|w| / √[F⁻¹]_qq`.
   *
   * @defaultValue `global`, one ranking over all layers (joint pruning); `uniform` is the layerwise variant
   */
  readonly distribution?: Distribution | undefined;
  /**
   * Bytes of memory that the estimate may take, a number > 0; `Infinity` does not ask. What does not fit is refused
   * when training starts, or goes to a file if the executor may use one. It has no influence on the result.
   *
   * @defaultValue 8 · 2³⁰
   */
  readonly memoryLimit?: number | undefined;
  /**
   * Where the arithmetic runs. In Node `workerExecutor` of `@espalier/prune-woodfisher/node` takes worker threads. It
   * has no influence on the result.
   *
   * @defaultValue `inThread()`
   */
  readonly executor?: FisherExecutor | undefined;
  /**
   * Called after each gradient and each band of inverted blocks, to show progress. It has no influence on the result.
   */
  readonly onProgress?: ((progress: FisherProgress) => void) | undefined;
}

/** Options of {@link woodFisher}. */
export interface WoodFisherOptions extends FisherOptions {
  /** Overall fraction of prunable entries that are masked in the end, in [0, 1). */
  readonly sparsity: number;
  /**
   * Positions (steps) at which the Fisher matrix is estimated and entries are masked. Each costs `samples` backward
   * passes, so it is far rarer than in magnitude pruning: every few epochs.
   */
  readonly cadence: Cadence;
  /**
   * Sparsity at `cadence.start`, in [0, `sparsity`]. While the schedule is at 0 nothing is observed.
   *
   * @defaultValue 0
   * @see the authors' configurations: 0.05.
   */
  readonly initialSparsity?: number | undefined;
  /**
   * Overall sparsity by position. Values must lie in [0, 1), and the value at `cadence.end` must be `sparsity`.
   *
   * @defaultValue the cubic `polynomial({ from: initialSparsity, to: sparsity, start, end })` over the cadence
   * @see Zhu & Gupta 2017, equation 1.
   */
  readonly schedule?: Schedule | undefined;
}

const { function: anyFunction, having, integer, number, optional, that } = rules;

/** What each of them must be by itself. */
export const fisherRules: OptionRules<FisherOptions> = {
  samples: optional(integer({ from: 1 })),
  blockSize: optional(integer({ from: 1 })),
  damping: optional(number({ above: 0 })),
  compensation: optional(number({ from: 0 })),
  distribution: optional(requireDistribution),
  memoryLimit: optional(
    that('a number of bytes above 0', value => typeof value === 'number' && value > 0, {
      type: 'number',
      exclusiveMinimum: 0,
    }),
  ),
  executor: optional(having('an executor, as inThread() or workerExecutor() makes', 'open')),
  onProgress: optional(anyFunction),
};

/** The settings with their defaults. */
export function fisherSettings(options: FisherOptions): FisherSettings & { readonly compensation: number } {
  const { samples = 400, blockSize = 50, damping = 1e-5, compensation = 1, memoryLimit = 8 * 2 ** 30 } = options;
  const { executor = inThread(), onProgress } = options;
  return { samples, blockSize, damping, compensation, memoryLimit, executor, onProgress };
}
