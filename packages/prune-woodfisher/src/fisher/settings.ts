import type { FisherExecutor } from './executor.js';

/** How far an estimate is. */
export interface FisherProgress {
  /** Gradients that have been taken in, from 0 to `samples`. */
  readonly gradients: number;
  /** Gradients in all: the option `samples`. */
  readonly samples: number;
  /** Fisher blocks that have been inverted, from 0 to `blocks`; the first after the last gradient. */
  readonly inverted: number;
  /** Fisher blocks in all. */
  readonly blocks: number;
}

/** How Fisher matrices are estimated. */
export interface FisherSettings {
  readonly samples: number;
  readonly blockSize: number;
  readonly damping: number;
  readonly memoryLimit: number;
  readonly executor: FisherExecutor;
  readonly onProgress?: ((progress: FisherProgress) => void) | undefined;
}
