/** How far the collection of gradients is. */
export interface FisherProgress {
  /** Gradients that have been taken in, from 1 to `samples`. */
  readonly gradients: number;
  /** Gradients in all: the option `samples`. */
  readonly samples: number;
}

/** How Fisher matrices are estimated. */
export interface FisherSettings {
  readonly samples: number;
  readonly blockSize: number;
  readonly damping: number;
  readonly memoryLimit: number;
  readonly onProgress?: ((progress: FisherProgress) => void) | undefined;
}
