import { EspalierError } from '@espalier/core';

/** A worker thread could not do its part of a Fisher estimate; the weights are as they were before the decision. */
export class FisherWorkerError extends EspalierError {
  override readonly name = 'FisherWorkerError';
  readonly code = 'FISHER_WORKER';

  /** @param reason - What happened to the worker. */
  constructor(readonly reason: string) {
    super(
      `A worker of the Fisher estimate failed: ${reason}. If memory or disk ran out, lower memoryLimit, samples or ` +
        'threads, or choose another directory for the option spill.',
    );
  }
}

/** The directory for the gradients has no room for them, or cannot be written. */
export class FisherDiskError extends EspalierError {
  override readonly name = 'FisherDiskError';
  readonly code = 'FISHER_DISK';

  /**
   * @param directory - The option `spill`.
   * @param bytes - Bytes that the file needs.
   * @param reason - What is wrong with the directory.
   */
  constructor(
    readonly directory: string,
    readonly bytes: number,
    readonly reason: string,
  ) {
    super(
      `The Fisher estimate needs a file of ${bytes} bytes (${(bytes / 2 ** 30).toPrecision(3)} GiB) in "${directory}": ` +
        `${reason}. Choose another directory for the option spill, fewer samples, or a larger memoryLimit.`,
    );
  }
}
